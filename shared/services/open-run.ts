import type { ServiceConfig } from '../contracts/config.ts';
import { readyTimeoutMs, stageTimeoutMs } from '../contracts/policies.ts';
import type { RunRecord, ServiceRecord } from '../contracts/records.ts';
import { type ConfigDigest, type ServiceRef, serviceKeyOf } from '../domain/ids.ts';
import type { Registration } from '../domain/plan-registration.ts';
import { compareRevisions, orderOf, type Revision } from '../domain/revision.ts';
import type { ServiceState } from '../domain/traffic.ts';

export interface CandidateRun {
  readonly ref: ServiceRef;
  readonly config: ServiceConfig;
  readonly configDigest: ConfigDigest;
  readonly revision: Pick<Revision, 'name' | 'createTime'>;
  readonly attempt: number;
  readonly openedBy: RunRecord['openedBy'];
  readonly build?: RunRecord['build'] | undefined;
  /** True: record and tell, never write traffic. */
  readonly observe?: boolean | undefined;
}

/** The record of a run as its registration makes it. */
export function openRun(
  registration: Registration,
  candidate: CandidateRun,
  service: ServiceState,
  known: ServiceRecord | undefined,
  existing: RunRecord | undefined,
  now: Date,
): RunRecord {
  const { config, revision, openedBy } = candidate;
  const stable = known?.lastGood.find((good) => good.revision !== revision.name)?.revision;
  const base: RunRecord = {
    ref: candidate.ref,
    serviceKey: serviceKeyOf(candidate.ref),
    name: config.name,
    configDigest: candidate.configDigest,
    candidate: orderOf(revision),
    attempt: candidate.attempt,
    openedBy,
    build: candidate.build,
    notifyOnly: existing?.notifyOnly ?? (candidate.observe === true || onlyTells(candidate, known)),
    state: 'open',
    stage: 'health',
    stageStartedAt: now,
    stable,
    expectedTraffic: [...service.traffic],
    reasons: [],
    action: 'none',
    createdAt: existing?.createdAt ?? now,
  };
  switch (registration) {
    case 'current':
    case 'supersede':
    case 'diagnose':
      return { ...base, dueAt: now, stageDeadlineAt: new Date(now.getTime() + stageTimeoutMs(config)) };
    case 'wait': {
      const deadline = existing?.stageDeadlineAt ?? new Date(now.getTime() + readyTimeoutMs);
      return { ...base, state: 'waiting', dueAt: now, stageDeadlineAt: deadline };
    }
    case 'late': {
      const reasons = [{ code: 'late', text: 'a newer revision was registered first' }];
      return {
        ...base,
        state: 'closed',
        verdict: 'superseded',
        reasons,
        closedAt: now,
        dueAt: undefined,
        stageDeadlineAt: undefined,
      };
    }
  }
}

/** The sweep finds what nobody announced; a revision that is no news is reported, not acted on. */
function onlyTells(candidate: CandidateRun, known: ServiceRecord | undefined): boolean {
  const newest = known?.newest;
  return (
    candidate.openedBy === 'sweep' &&
    newest !== undefined &&
    compareRevisions(orderOf(candidate.revision), newest) <= 0
  );
}
