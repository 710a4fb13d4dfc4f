import type { ConfigDigest, EffectId, Etag, RevisionName, RunId } from '../../shared/domain/ids.ts';
import { serviceKeyOf } from '../../shared/domain/ids.ts';
import type { Run } from '../../shared/domain/records/run.ts';
import type { Pin, ServiceRecord, VerifiedRevision } from '../../shared/domain/records/service-record.ts';
import type { Revision } from '../../shared/domain/revision.ts';
import type { ServiceState, TrafficTarget } from '../../shared/domain/service-state.ts';
import { aRef } from '../builders.ts';

export const now = new Date('2026-03-02T09:00:00Z');
export const runId = '0123456789abcdef0123' as RunId;
export const effectId = `${runId}.health.rollback` as EffectId;
export const name = (text: string) => text as RevisionName;

/** `web-3` is made three minutes after `web-0`, an hour before `now`. */
export function madeAt(text: string): Date {
  return new Date(now.getTime() - 3_600_000 + Number(text.split('-').at(-1)) * 60_000);
}

export function order(text: string) {
  return { revision: name(text), createTime: madeAt(text) };
}

export function aRevision(text: string, changes: Partial<Revision> = {}): Revision {
  const readiness = { kind: 'ready' as const };
  const made = { name: name(text), createTime: madeAt(text), readiness };
  return { ...made, labels: {}, minInstances: 0, creator: undefined, ...changes };
}

/** Percents by revision; `LATEST` is what no name stands for. */
export function traffic(split: Readonly<Record<string, number>>): TrafficTarget[] {
  return Object.entries(split).map(([key, percent]) =>
    key === 'LATEST' ? { percent } : { revision: name(key), percent },
  );
}

/** A service whose newest revision is `web-2`. */
export function aService(
  split: Readonly<Record<string, number>>,
  changes: Partial<ServiceState> = {},
): ServiceState {
  const latest = name('web-2');
  return {
    ref: aRef,
    etag: '"1"' as Etag,
    generation: 1n,
    uri: 'https://web.run.test',
    annotations: {},
    traffic: traffic(split),
    serving: traffic(split).map((target) => ({ ...target, revision: target.revision ?? latest })),
    latestReadyRevision: latest,
    latestCreatedRevision: latest,
    reconciling: false,
    routesChangedAt: now,
    ...changes,
  };
}

export function aGood(text: string, changes: Partial<VerifiedRevision> = {}): VerifiedRevision {
  return { ...order(text), runId, at: now, short: false, ...changes };
}

/** A service whose current run is `runId`. */
export function aServiceRecord(changes: Partial<ServiceRecord> = {}): ServiceRecord {
  const currentRun = { ...order('web-2'), runId };
  return { ref: aRef, name: 'web', lastGood: [aGood('web-1')], rollbacks: [], currentRun, ...changes };
}

export function aPin(changes: Partial<Pin> = {}): Pin {
  const [before, after] = [traffic({ LATEST: 100 }), traffic({ 'web-1': 100 })];
  return { owner: 'guard', effectId, target: name('web-1'), before, after, at: now, ...changes };
}

/** An open run of `web-2`. */
export function aRun(changes: Partial<Run> = {}): Run {
  return {
    ref: aRef,
    serviceKey: serviceKeyOf(aRef),
    name: 'web',
    configDigest: runId as string as ConfigDigest,
    candidate: order('web-2'),
    attempt: 1,
    openedBy: 'build',
    authority: 'full',
    state: 'open',
    stage: 'health',
    stageStartedAt: now,
    reasons: [],
    action: 'none',
    createdAt: now,
    ...changes,
  };
}
