import type { Config, ServiceConfig } from '../contracts/config.ts';
import { documentIn } from '../contracts/document.ts';
import { configs, currentConfig, services } from '../contracts/records.ts';
import { type ConfigDigest, serviceKeyOf } from '../domain/ids.ts';
import { mostServed, servingSplit } from '../domain/service-state.ts';
import { createOnce } from '../ports/create-once.ts';
import type { Ports } from '../ports/ports.ts';
import { retryOnConflict } from '../ports/retry-on-conflict.ts';
import { create, update } from '../ports/store.ts';
import { tryCommit } from '../ports/try-commit.ts';
import { nextAttempt } from './runs/next-attempt.ts';

export interface AppliedService {
  readonly name: string;
  /** False: Cloud Run has no such service. */
  readonly exists: boolean;
  /** The revision whose validation was requested; undefined: nothing serves, or there is no such service. */
  readonly serving: string | undefined;
}

const maxTries = 5;
const maxServices = 1000;

/**
 * Stores a config, makes it the current one and requests validation of the serving revisions, so that a rollback has a
 * target.
 * @throws the error of a service that could not be read, after all others have been handled
 */
export async function applyConfig(
  config: Config,
  digest: ConfigDigest,
  ports: Ports,
): Promise<AppliedService[]> {
  await storeConfig(config, digest, ports);
  await putInForce(digest, ports);
  const [closed, ...results] = await Promise.allSettled([
    closeAlarms(config, ports),
    ...config.services.map((service) => validateServing(service, ports)),
  ]);
  // Thrown last: an unreadable service must not keep the others from being validated.
  const failed = [closed, ...results].find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Nobody would ever close the alarm of a service that is no longer watched. */
async function closeAlarms({ services: watched }: Config, { store }: Ports): Promise<void> {
  const kept = new Set<string>(watched.map(serviceKeyOf));
  const all = await store.find({ collection: services, where: [], limit: maxServices });
  for (const known of all)
    if (known.data.alarm && !kept.has(known.id))
      await tryCommit(store, [update(documentIn(services, known.id), known, { alarm: undefined })]);
}

async function validateServing(
  { name, project, region, service }: ServiceConfig,
  { run, bus, store, clock }: Ports,
): Promise<AppliedService> {
  const ref = { project, region, service };
  const state = await run.getService(ref);
  const revision = state && mostServed(servingSplit(state));
  const next = revision && (await nextAttempt(ref, revision, 'apply', { store, clock, run }));
  if (revision !== undefined && next?.kind === 'open') {
    await bus.publish('begin-validation', {
      kind: 'revision',
      ref,
      revision,
      openedBy: 'apply',
      attempt: next.attempt,
    });
  }
  return { name, exists: state !== undefined, serving: revision };
}

/** A digest identifies its content, so an existing config is the same one. */
export async function storeConfig(
  config: Config,
  digest: ConfigDigest,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<void> {
  await createOnce(store, documentIn(configs, digest), { config, appliedAt: clock.now() });
}

export async function putInForce(
  digest: ConfigDigest,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<void> {
  await retryOnConflict(maxTries, async () => {
    const current = await store.get(currentConfig);
    const fields = { digest, appliedAt: clock.now() };
    await store.commit([current ? update(currentConfig, current, fields) : create(currentConfig, fields)]);
  });
}
