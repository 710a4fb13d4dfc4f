import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, runs, type ServiceRecord, services } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import type { ShiftFacts } from '../../domain/traffic/refuse-shift.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Stored } from '../../ports/store.ts';
import { withKnownPin } from './known-pin.ts';
import { loadServiceConfig } from './load-config.ts';

/**
 * The run of an effect, and the config that it is bound to.
 * @throws {PermanentError} one of them does not exist
 */
export async function loadRunOf(
  { runId }: RunEffect,
  { store }: Pick<Ports, 'store'>,
): Promise<{ run: RunRecord; config: ServiceConfig }> {
  const run = (await store.get(documentIn(runs, runId)))?.data;
  if (!run) throw new PermanentError(`run ${runId} is not in the store`);
  return { run, config: await loadServiceConfig(store, run.configDigest, run.name) };
}

/** The facts for a change of users' traffic: records and revisions, read after the service. */
export async function loadShiftFacts(
  service: ServiceState,
  { runId, serviceKey, ref }: RunEffect,
  run: RunRecord,
  { store, run: cloudRun, clock }: Pick<Ports, 'store' | 'run' | 'clock'>,
): Promise<ShiftFacts> {
  const revisions = await cloudRun.listRevisions(ref);
  const known = await store.get(documentIn(services, serviceKey));
  const now = known?.readTime ?? clock.now();
  return { runId, run, service, known: withKnownPin(service, known?.data), now, revisions };
}

/**
 * The records that the end of an effect changes, freshly read.
 * @throws {PermanentError} one of them does not exist
 */
export async function loadRecordsOf(
  { runId, serviceKey }: RunEffect,
  { store }: Pick<Ports, 'store'>,
): Promise<{ run: Stored<RunRecord>; service: Stored<ServiceRecord> }> {
  const [run, service] = await Promise.all([
    store.get(documentIn(runs, runId)),
    store.get(documentIn(services, serviceKey)),
  ]);
  if (!run || !service) throw new PermanentError(`the records of run ${runId} are gone`);
  return { run, service };
}
