import { documentIn } from '../contracts/document.ts';
import type { FailureReport } from '../contracts/failure-report.ts';
import {
  type AuditsRecord,
  audits,
  type DecisionRecord,
  type DiagnosisRecord,
  decisions,
  diagnoses,
  type EffectRecord,
  type FailureRecord,
  failuresOf,
  type GroupFindingRecord,
  groupFindings,
  type HealthFactRecord,
  healthOf,
  type IntentRecord,
  intents,
  outbox,
  type PlanHeadRecord,
  type RunRecord,
  runs,
  type ServiceRecord,
  services,
  type TestHistoryEntry,
  testHistories,
} from '../contracts/records.ts';
import { priorities } from '../domain/checks/priorities.ts';
import { settlements } from '../domain/checks/settled-check.ts';
import type { RunId, ServiceKey } from '../domain/ids.ts';
import type { Verdict } from '../domain/verdict.ts';
import { type CheckEnvironment, checkEnvironments } from '../ports/check-runner.ts';
import type { Store } from '../ports/store.ts';
import { explainFailures } from './checks/explain-failures.ts';
import { historyBuckets, historyOwner } from './checks/load-histories.ts';
import { loadPlanHead } from './checks/load-plan.ts';

export interface RunFilter {
  readonly serviceKey?: ServiceKey | undefined;
  readonly verdict?: Verdict | undefined;
  /** 1 to 1000. */
  readonly limit: number;
  /** The page starts after this run. */
  readonly after?: { readonly createdAt: Date; readonly runId: RunId } | undefined;
}

export type Listed<D, I extends string = string> = D & { readonly id: I };

/** Runs, newest first. */
export async function listRuns(store: Store, filter: RunFilter): Promise<Listed<RunRecord, RunId>[]> {
  const where = [
    ...(filter.serviceKey === undefined ? [] : [['serviceKey', '==', filter.serviceKey] as const]),
    ...(filter.verdict === undefined ? [] : [['verdict', '==', filter.verdict] as const]),
  ];
  const after = filter.after && { value: filter.after.createdAt, id: filter.after.runId };
  const found = await store.find({
    collection: runs,
    where,
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: filter.limit,
    ...(after ? { after } : {}),
  });
  return found.map(({ id, data }) => ({ id: id as RunId, ...data }));
}

export interface RunReport {
  readonly run: Listed<RunRecord>;
  readonly decisions: Listed<DecisionRecord>[];
  readonly health: HealthFactRecord[];
  /** A summary of its checks; absent: none were planned. */
  readonly checks: PlanHeadRecord | undefined;
  /** Checks that did not simply pass, at most a thousand. */
  readonly failures: FailureReport[];
  readonly effects: Listed<EffectRecord>[];
  /** Every request to change traffic, with the split before and after. */
  readonly trafficChanges: Listed<IntentRecord>[];
  /** Why it failed; absent: it did not, or that is not found out yet. */
  readonly diagnosis?: DiagnosisRecord | undefined;
  /** How it compares with the last good run; absent: its config names no audits, or it has no verdict yet. */
  readonly audits?: AuditsRecord | undefined;
  /** The versions of the services of its group; absent: it is in none, or they were not compared yet. */
  readonly group?: GroupFindingRecord | undefined;
}

/** Everything that was recorded about a run; undefined: there is no such run. */
export async function reportRun(store: Store, runId: RunId): Promise<RunReport | undefined> {
  const run = await store.get(documentIn(runs, runId));
  if (!run) return undefined;
  const where = [['runId', '==', runId]] as const;
  const [made, health, effects, changes, checks, failures, diagnosis, audited, group] = await Promise.all([
    store.find({ collection: decisions, where, limit: 100 }),
    store.find({ collection: healthOf(runId), where: [], limit: 1000 }),
    store.find({ collection: outbox, where, limit: 100 }),
    store.find({ collection: intents, where, limit: 100 }),
    loadPlanHead(store, runId),
    store.find({ collection: failuresOf(runId), where: [], limit: 1000 }),
    store.get(documentIn(diagnoses, runId)),
    store.get(documentIn(audits, runId)),
    store.get(documentIn(groupFindings, runId)),
  ]);
  const byTime = (a: { readonly at: Date }, b: { readonly at: Date }) => a.at.getTime() - b.at.getTime();
  return {
    run: { id: runId, ...run.data },
    decisions: made.map(({ id, data }) => ({ id, ...data })).sort(byTime),
    health: health.map(({ data }) => data).sort(byTime),
    checks,
    failures: await explainFailures(
      failures.map(({ data }) => data).sort(byWeight),
      run.data,
      checks?.at ?? run.createTime,
      store,
    ),
    effects: effects.map(({ id, data }) => ({ id, ...data })),
    trafficChanges: changes.map(({ id, data }) => ({ id, ...data })).sort(byTime),
    diagnosis: diagnosis?.data,
    audits: audited?.data,
    group: group?.data,
  };
}

/** The most important first. */
function byWeight(a: FailureRecord, b: FailureRecord): number {
  return (
    settlements.indexOf(a.settlement) - settlements.indexOf(b.settlement) ||
    priorities.indexOf(a.priority) - priorities.indexOf(b.priority)
  );
}

/** The watched services, with their good revisions and pins. */
export async function listServices(store: Store): Promise<Listed<ServiceRecord>[]> {
  const found = await store.find({ collection: services, where: [], limit: 1000 });
  return found.map(({ id, data }) => ({ id, ...data }));
}

/** The service of this name in the config. */
export async function findService(store: Store, name: string): Promise<Listed<ServiceRecord> | undefined> {
  const [found] = await store.find({ collection: services, where: [['name', '==', name]], limit: 1 });
  return found && { id: found.id, ...found.data };
}

export type TrafficChangeReport = Listed<IntentRecord>;

/** Every request to change a service's traffic, by a run or a person, newest first. @param after the end of the page before */
export async function listTrafficChanges(
  store: Store,
  serviceKey: ServiceKey,
  limit: number,
  after?: { readonly at: Date; readonly id: string },
): Promise<TrafficChangeReport[]> {
  const found = await store.find({
    collection: intents,
    where: [['serviceKey', '==', serviceKey]],
    orderBy: { field: 'at', direction: 'desc' },
    limit,
    ...(after ? { after: { value: after.at, id: after.id } } : {}),
  });
  return found.map(({ id, data }) => ({ id, ...data }));
}

/** The results of a test in one environment. */
export interface TestReport extends TestHistoryEntry {
  readonly environment: CheckEnvironment;
}

/** The tests of a service that were part of a run in recent months, in no order. */
export async function listTests(store: Store, serviceKey: ServiceKey): Promise<TestReport[]> {
  const found = await Promise.all(
    checkEnvironments.map(async (environment) => {
      const where = [['of', '==', historyOwner(serviceKey, environment)]] as const;
      const buckets = await store.find({ collection: testHistories, where, limit: historyBuckets });
      return buckets.flatMap(({ data }) => data.tests.map((test) => ({ ...test, environment })));
    }),
  );
  return found.flat();
}
