import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { durationMs } from '../../contracts/duration.ts';
import {
  type FailureRecord,
  failuresOf,
  type PlanHeadRecord,
  type PlannedShardRecord,
  type ShardRecord,
  shardsOf,
} from '../../contracts/records.ts';
import { allowedOf, weigh } from '../../domain/checks/gates.ts';
import type { Attempts } from '../../domain/checks/settle-check.ts';
import { executionsOf, isRemarkable, settleShard } from '../../domain/checks/settle-shard.ts';
import type { SettledCheck } from '../../domain/checks/settled-check.ts';
import { testKeyOf } from '../../domain/checks/test-history.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, type Write } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import type { ShardOutcome } from './run-shard.ts';

const maxWrites = 100;
/** In a shard's document, which must hold hundreds; the failure's own document has the full text. */
const shortDetail = 300;

export interface FinishedShard {
  readonly runId: RunId;
  readonly slot: number;
  readonly i: number;
  readonly shard: PlannedShardRecord;
  readonly config: ServiceConfig;
  readonly head: PlanHeadRecord;
  readonly startedAt: Date;
}

/** Stores a shard's results, once: the first write counts. @returns its weight */
export async function storeShard(
  finished: FinishedShard,
  outcome: ShardOutcome,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<number> {
  const { runId, slot, i, head, config, startedAt } = finished;
  const { suites, tests } = config;
  const policy = { floorMs: durationMs(tests.floor), suspect: tests.suspect };
  const settled = settleShard(finished.shard, outcome.attempts, suites, policy);
  const record: ShardRecord = {
    i,
    slot,
    w: weigh(settled, allowedOf(head.counted, config.tests.gates)),
    burst: outcome.burst,
    checks: settled.map(({ id, settlement, durationMs: ms, untimed, latencyMs, detail }) => ({
      settlement,
      durationMs: ms,
      untimed,
      latencyMs,
      attempts: executionsOf(outcome.attempts.get(id)),
      detail: detail?.slice(0, shortDetail),
    })),
    startedAt,
    endedAt: clock.now(),
  };
  const failures = settled.flatMap((check) => failureOf(finished, check, outcome.attempts.get(check.id)));
  // Failures first if one batch cannot hold them all: a stored shard must have all its failures.
  const ref = documentIn(shardsOf(runId), String(i));
  const isIn = async () => (await store.get(ref)) !== undefined;
  while (failures.length >= maxWrites) await commitOnce(failures.splice(0, maxWrites), isIn, store);
  await commitOnce([...failures, create(ref, record)], isIn, store);
  return record.w;
}

async function commitOnce(
  writes: readonly Write[],
  isIn: () => Promise<boolean>,
  store: Ports['store'],
): Promise<void> {
  if (await tryCommit(store, writes)) return;
  // A faster worker has stored failures of its own.
  if (writes.length === 1 || (await isIn())) return;
  // One of them exists already, from a worker that died half-way: the others must not be lost.
  for (const write of writes) await commitOnce([write], isIn, store);
}

function failureOf(
  { runId, i }: FinishedShard,
  check: SettledCheck,
  attempts: Attempts | undefined,
): Write[] {
  if (!isRemarkable(check)) return [];
  const { suite, id, priority, quarantined, warns, settlement, detail } = check;
  const signature = attempts?.candidate.findLast((result) => result.signature !== undefined)?.signature;
  const record: FailureRecord = {
    suite,
    id,
    priority,
    quarantined,
    warns,
    settlement,
    detail,
    signature,
    shard: i,
  };
  return [create(documentIn(failuresOf(runId), testKeyOf(suite, id)), record)];
}
