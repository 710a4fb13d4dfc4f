import pMap from 'p-map';
import type { ServiceConfig } from '../contracts/config.ts';
import { documentIn } from '../contracts/document.ts';
import type { SweepStaleRuns } from '../contracts/messages.ts';
import { audits, diagnoses, notices, outbox, type RunRecord, runs, services } from '../contracts/records.ts';
import { type CorruptRecordError, describeError } from '../domain/errors.ts';
import { type EffectId, type RunId, serviceKeyOf } from '../domain/ids.ts';
import { isKeptByWindow } from '../domain/runs/review-standing.ts';
import type { Ports } from '../ports/ports.ts';
import { type Stored, update } from '../ports/store.ts';
import { tryCommit } from '../ports/try-commit.ts';
import { nudgeInquiries } from './diagnosis/nudge-inquiries.ts';
import { loadCurrentConfig, loadServiceConfig } from './records/load-config.ts';
import { loadControls, whyFrozen } from './records/load-controls.ts';
import { whyPaused } from './records/load-pause.ts';
import { askAbout } from './runs/ask-about.ts';
import { reviewService } from './runs/review-service.ts';
import { sweepTags } from './traffic/sweep-tags.ts';

const batch = 200;
/** How many services are swept side by side: a region that does not respond must not delay the others. */
const concurrency = 16;
/** Longer than check-health works on one message. */
const waitingNudgeMs = 5 * 60_000;

/**
 * Once a minute, nudges all overdue work and finds unwatched serving revisions. It decides nothing itself; it only
 * wakes the deciding functions.
 */
export async function sweepStaleRuns(_message: SweepStaleRuns, ports: Ports): Promise<void> {
  await attempt('runs', () => nudgeRuns(ports), ports);
  await attempt('effects', () => nudgeEffects(ports), ports);
  await attempt('diagnoses', () => nudgeInquiries(diagnoses, ports), ports);
  await attempt('audits', () => nudgeInquiries(audits, ports), ports);
  await attempt('notices', () => nudgeNotices(ports), ports);
  const current = await loadCurrentConfig(ports.store);
  if (!current) return;
  const sweep = (service: ServiceConfig) =>
    attempt(service.name, () => sweepService(service, current.appliedAt, ports), ports);
  await pMap(current.config.services, sweep, { concurrency });
}

/** An error in one part must not leave the others unwatched; the next sweep is a minute away. */
async function attempt(part: string, work: () => Promise<void>, { log }: Ports): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ part, code: 'sweep' }, describeError(error));
  }
}

async function nudgeRuns(ports: Ports): Promise<void> {
  const { store, bus, clock } = ports;
  const now = clock.now();
  const due = await store.find({
    collection: runs,
    where: [['dueAt', '<=', now]],
    orderBy: { field: 'dueAt', direction: 'asc' },
    limit: batch,
    onCorrupt: reportTo(ports),
  });
  for (const run of due) {
    const runId = run.id as RunId;
    // A queued run shows no sign of its waiting message, and each nudge would add another one.
    if (run.data.state === 'waiting' && !(await postpone(run, now, ports))) continue;
    const { stageDeadlineAt, stage } = run.data;
    if (stageDeadlineAt !== undefined && stageDeadlineAt <= now)
      await bus.publish('decide-stage', { runId, stage });
    else await bus.publish('check-health', { runId, nudge: true });
  }
}

/** At most until its deadline. @returns false: the run has just changed, so another process is working on it */
async function postpone(run: Stored<RunRecord>, now: Date, { store }: Ports): Promise<boolean> {
  const { stageDeadlineAt } = run.data;
  const later = new Date(now.getTime() + waitingNudgeMs);
  const dueAt = stageDeadlineAt && stageDeadlineAt > now && stageDeadlineAt < later ? stageDeadlineAt : later;
  return tryCommit(store, [update(documentIn(runs, run.id), run, { dueAt })]);
}

async function nudgeEffects(ports: Ports): Promise<void> {
  const { store, bus, clock } = ports;
  const due = await store.find({
    collection: outbox,
    where: [['dueAt', '<=', clock.now()]],
    orderBy: { field: 'dueAt', direction: 'asc' },
    limit: batch,
    onCorrupt: reportTo(ports),
  });
  for (const { id } of due) await bus.publish('route-traffic', { effectId: id as EffectId });
}

/** In the order in which they are due: what counts most waits least. */
async function nudgeNotices(ports: Ports): Promise<void> {
  const { store, bus, clock } = ports;
  const due = await store.find({
    collection: notices,
    where: [['dueAt', '<=', clock.now()]],
    orderBy: { field: 'dueAt', direction: 'asc' },
    limit: batch,
    onCorrupt: reportTo(ports),
  });
  const byImportance = due.toSorted(
    ({ data: a }, { data: b }) =>
      a.importance - b.importance || a.createdAt.getTime() - b.createdAt.getTime(),
  );
  for (const { id } of byImportance) await bus.publish('notify', { noticeId: id });
}

function reportTo({ log }: Ports): (error: CorruptRecordError) => void {
  return (error) => log.error({ code: 'corrupt-record', path: error.path }, error.message);
}

async function sweepService(config: ServiceConfig, appliedAt: Date, ports: Ports): Promise<void> {
  const { name, mode, notifications, project, region, service } = config;
  const ref = { project, region, service };
  const { store } = ports;
  const serviceKey = serviceKeyOf(ref);
  // Read before the service: if someone records a traffic change meanwhile, the write fails.
  const known = await store.get(documentIn(services, serviceKey));
  const state = await ports.run.getService(ref);
  if (!state) return;
  const current = known?.data.currentRun;
  const run = current && (await store.get(documentIn(runs, current.runId)));
  const isOpen = run !== undefined && run.data.state !== 'closed';
  const doubts = await reviewService(
    state,
    known,
    { name, mode, notifications, isBusy: isOpen || state.reconciling },
    ports,
  );
  if (isOpen) return;
  if (whyFrozen(await loadControls(serviceKey, undefined, store)) !== undefined) return;
  if (current) await sweepTags(state, current.runId, ports);
  if (state.reconciling) return;
  // A guard may have been started with a window that what was applied before does not have.
  const bound =
    run && run.data.createdAt > appliedAt && isKeptByWindow(run.data)
      ? await loadServiceConfig(store, run.data.configDigest, run.data.name)
      : undefined;
  const isFrozen = whyPaused(undefined, [config, bound], known?.readTime ?? ports.clock.now()) !== undefined;
  for (const doubt of doubts) if (await askAbout(doubt, ref, isFrozen, ports)) return;
}
