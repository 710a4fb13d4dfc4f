import { documentIn } from '../contracts/document.ts';
import type { RecordHistory } from '../contracts/messages.ts';
import {
  type RunRecord,
  runs,
  type TestHistoryEntry,
  type TestHistoryRecord,
  testHistories,
} from '../contracts/records.ts';
import type { SettledCheck } from '../domain/checks/settled-check.ts';
import { settledChecks } from '../domain/checks/test-facts.ts';
import { testKeyOf, withResult } from '../domain/checks/test-history.ts';
import { CorruptRecordError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { retryOnConflict } from '../ports/retry-on-conflict.ts';
import { create, update } from '../ports/store.ts';
import { bucketOf, historyOwner } from './checks/load-histories.ts';
import { loadPlan, loadPlanHead } from './checks/load-plan.ts';
import { loadShards } from './checks/load-shards.ts';
import { loadServiceConfig } from './records/load-config.ts';

const keptRuns = 20;
/** A test that no run has contained for this long is removed. */
const forgottenMs = 90 * 86_400_000;
const keptIdLength = 200;
/** The size limit of one document's tests, which must stay below 1 MiB: ids that change with each run would fill it. */
const keptBytes = 700_000;
const maxTries = 10;

/** Adds a run's results to the history of its tests: one document for many tests, each written once per run. */
export async function recordHistory({ runId }: RecordHistory, ports: Ports): Promise<void> {
  const { store } = ports;
  const run = (await store.get(documentIn(runs, runId)))?.data;
  const head = await loadPlanHead(store, runId);
  if (!run || !head) return;
  const [plan, shards] = await Promise.all([
    loadPlan(store, runId, head),
    loadShards(ports.store, runId, ports.log),
  ]);
  const config = await loadServiceConfig(store, run.configDigest, run.name);
  const checks = settledChecks(plan, shards, config.suites);
  const buckets = Map.groupBy(checks, ({ suite, id }) => bucketOf(testKeyOf(suite, id)));
  for (const [bucket, members] of buckets) {
    try {
      await recordBucket(runId, run, bucket, members, ports);
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      ports.log.error({ runId, code: 'corrupt-record', path: error.path }, error.message);
    }
  }
}

async function recordBucket(
  runId: RunId,
  { serviceKey, candidate }: RunRecord,
  bucket: number,
  checks: readonly SettledCheck[],
  { store, clock, checks: { environment } }: Ports,
): Promise<void> {
  const of = historyOwner(serviceKey, environment);
  const ref = documentIn(testHistories, `${of}.${bucket}`);
  await retryOnConflict(maxTries, async () => {
    const stored = await store.get(ref);
    if (stored?.data.runs.includes(runId)) return;
    const at = clock.now();
    const tests = merge(stored?.data.tests ?? [], checks, { revision: candidate.revision, at });
    const record: TestHistoryRecord = {
      of,
      bucket,
      runs: [...(stored?.data.runs ?? []), runId].slice(-keptRuns),
      tests,
    };
    await store.commit([stored ? update(ref, stored, record) : create(ref, record)]);
  });
}

function merge(
  entries: readonly TestHistoryEntry[],
  checks: readonly SettledCheck[],
  seen: { readonly revision: RunRecord['candidate']['revision']; readonly at: Date },
): TestHistoryEntry[] {
  const oldestMs = seen.at.getTime() - forgottenMs;
  const merged = new Map(
    entries.filter(({ seenAt }) => seenAt.getTime() > oldestMs).map((entry) => [entry.key, entry]),
  );
  for (const { suite, id, settlement, durationMs } of checks) {
    const key = testKeyOf(suite, id);
    const history = withResult(merged.get(key), { settlement, durationMs, ...seen });
    merged.set(key, {
      ...history,
      greenMs: [...history.greenMs],
      key,
      suite,
      id: id.slice(0, keptIdLength),
      seenAt: seen.at,
    });
  }
  return withinBytes([...merged.values()]);
}

/** As many tests as fit, those of the latest runs first. */
function withinBytes(entries: readonly TestHistoryEntry[]): TestHistoryEntry[] {
  const latest = entries.toSorted((a, b) => b.seenAt.getTime() - a.seenAt.getTime());
  let bytes = 0;
  const end = latest.findIndex((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    return bytes > keptBytes;
  });
  return end < 0 ? latest : latest.slice(0, end);
}
