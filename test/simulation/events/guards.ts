import { type ConfigDigest, hashOf, type RevisionName } from '../../../shared/domain/ids.ts';
import { canonicalJson } from '../../../shared/domain/json.ts';
import { storeConfig } from '../../../shared/services/apply-config.ts';
import { beginGuard, seedStable } from '../../../shared/services/runs/begin-guard.ts';
import type { SimWorld } from '../sim-world.ts';
import { isAtRest } from './sweeps.ts';

/** The guard before it has to end first: this world has one store at a time. */
const waitMs = 20_000;

/** `guard --service web` in a new process without records; what it knows is what the service carries. */
export function guardAnew(revision: RevisionName, world: SimWorld): void {
  const { kernel, log, store, records } = world;
  if (!isAtRest(world)) {
    kernel.after(waitMs, () => guardAnew(revision, world));
    return;
  }
  const { config } = [...records.configs.values()].at(-1) ?? {};
  const [service] = config?.services ?? [];
  if (!config || !service) return;
  store.forget();
  records.forgetServices();
  log.count('guards without records');
  const digest = hashOf(canonicalJson(config)) as ConfigDigest;
  void world.act('guard', async (ports) => {
    await storeConfig(config, digest, ports);
    await seedStable(service, undefined, ports);
    await beginGuard({ config: service, bound: { config, digest, observe: false }, revision }, ports);
  });
}
