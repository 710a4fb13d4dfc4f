import type { ServiceConfig } from '../../../shared/contracts/config.ts';
import { type ConfigDigest, hashOf } from '../../../shared/domain/ids.ts';
import { canonicalJson } from '../../../shared/domain/json.ts';
import { applyConfig } from '../../../shared/services/apply-config.ts';
import { loadCurrentConfig } from '../../../shared/services/records/load-config.ts';
import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';

type Change = readonly [what: string, of: (service: ServiceConfig) => ServiceConfig];
const someChanges: readonly [Change, ...Change[]] = [
  ['notify', (service) => ({ ...service, rollback: { ...service.rollback, policy: 'notify' } })],
  [
    'longer watch',
    ({ watch, ...service }) => ({ ...service, watch: { ...watch, for: '5m', minimum: '2m' } }),
  ],
  [
    'shorter watch',
    ({ watch, ...service }) => ({ ...service, watch: { ...watch, for: '30s', minimum: '20s' } }),
  ],
];

/** A person puts another config in force. */
export function changeConfig(dice: Dice, world: SimWorld): void {
  const [what, of] = dice.pick(someChanges);
  const { log } = world;
  log.count(`config changes: ${what}`);
  log.tell('human', `applies a config: ${what}`);
  void world.act('apply', async (ports) => {
    const { config: before } = (await loadCurrentConfig(ports.store)) ?? {};
    if (!before) return;
    const config = { ...before, services: before.services.map(of) };
    await applyConfig(config, hashOf(canonicalJson(config)) as ConfigDigest, ports);
  });
}

/** Keys that versions before this one did not store, one of which may be missing in everything that is stored. */
const youngKeys = ['requestLog', 'steps', 'github', 'urls'] as const;

/** From now on all records look as if another version had stored them: keys nobody knows, and some that are missing. */
export function changeVersion(dice: Dice, { store, log }: SimWorld): void {
  const isOlder = dice.chance(0.5);
  const lacking = dice.pick(youngKeys);
  log.count(isOlder ? 'records of an older version' : 'records of a newer version');
  log.tell('records', isOlder ? `lack ${lacking}` : 'have keys that nobody knows');
  store.rewrite((path, fields) => {
    const [collection] = path.split('/');
    if (collection === 'configs') return changeServices(fields, isOlder ? lacking : undefined);
    return !isOlder && (collection === 'runs' || collection === 'services')
      ? { ...fields, ofTomorrow: 'unknown' }
      : fields;
  });
}

function changeServices(fields: Readonly<Record<string, unknown>>, lacking: string | undefined) {
  const { config } = fields as { config: { services: readonly Readonly<Record<string, unknown>>[] } };
  const services = config.services.map((service) =>
    lacking === undefined
      ? { ...service, ofTomorrow: 'unknown' }
      : Object.fromEntries(Object.entries(service).filter(([key]) => key !== lacking)),
  );
  return { ...fields, config: { ...config, services } };
}
