import { estimateDurations } from '../shards/estimate-durations.ts';
import { planShards } from '../shards/plan-shards.ts';
import type { PlannedShard, RunSuite } from './planned-shard.ts';
import { priorities } from './priorities.ts';
import { failedLately, medianGreenMs, type TestHistory, testKeyOf } from './test-history.ts';

/** A document of results must stay well below 1 MiB. */
const maxChecks = 500;
const maxIdBytes = 300_000;
/** The longest total time of a shard's checks without known durations, if each takes its full timeout. */
const unknownShardMs = 60_000;
/** The assumed duration of a check when nothing at all is known. */
const unknownMs = { http: 200, websocket: 500, command: 1_000 } as const;

/** The cost of claiming and storing a shard: about as much as starting a runner, for checks that need none. */
const shardCostMs = 50;
/**
 * With fewer checks per worker, and many in all, most shards would contain one check, and cost more than two reads
 * each.
 */
const crowd = { checksEach: 8, checks: 500, shardCostMs: 150 };

/** A suite, as far as a plan needs to know it. */
export interface PlannedSuite extends RunSuite {
  /** The cost of starting its runner; used if it is a command. */
  readonly startupMs: number;
  /** The time limit of one of its checks, used when its duration is unknown. */
  readonly guessMs: number;
}

export interface UnplannedCheck {
  readonly suite: PlannedSuite;
  readonly id: string;
  readonly file: string | undefined;
  /** Its group, which stays in one shard; absent: none. */
  readonly group: string | undefined;
  readonly quarantined: boolean;
  readonly warns?: boolean | undefined;
}

/** The history of a service's tests, by `testKeyOf`. */
type Histories = ReadonlyMap<string, Pick<TestHistory, 'greenMs' | 'results'>>;

interface Ranked {
  readonly shard: PlannedShard;
  readonly urgent: boolean;
  readonly rank: number;
}

/**
 * Splits a run's checks into shards, in the order in which they are claimed: recent failures first, then suites by
 * priority; then the longest first, so that the small ones fill the gaps at the end.
 */
export function planChecks(
  checks: readonly UnplannedCheck[],
  workers: number,
  histories: Histories,
): readonly PlannedShard[] {
  const suites = Map.groupBy(checks, ({ suite }) => suite);
  const ranked = [...suites].flatMap(([suite, members]) => {
    const isUrgent = urgencyOf(members, histories);
    const lately = Map.groupBy(members, isUrgent);
    return [...lately].flatMap(([urgent, some]) =>
      planSuite(suite, some, workers, histories).map(
        (shard): Ranked => ({ shard, urgent, rank: priorities.indexOf(suite.priority) }),
      ),
    );
  });
  return ranked.sort(inOrder).map(({ shard }) => shard);
}

/** Checks that failed recently, or that share a group with such a check. */
function urgencyOf(
  members: readonly UnplannedCheck[],
  histories: Histories,
): (check: UnplannedCheck) => boolean {
  const failed = members.filter(({ suite, id }) => {
    const history = histories.get(testKeyOf(suite.name, id));
    return history !== undefined && failedLately(history);
  });
  const checks = new Set(failed);
  const groups = new Set(failed.flatMap(({ group }) => group ?? []));
  return (check) => checks.has(check) || (check.group !== undefined && groups.has(check.group));
}

function inOrder(a: Ranked, b: Ranked): number {
  if (a.urgent !== b.urgent) return a.urgent ? -1 : 1;
  return (a.urgent ? a.rank - b.rank : 0) || b.shard.expectedMs - a.shard.expectedMs || a.rank - b.rank;
}

function planSuite(
  suite: PlannedSuite,
  members: readonly UnplannedCheck[],
  workers: number,
  histories: Histories,
): readonly PlannedShard[] {
  const known = members.map((check) => {
    const history = histories.get(testKeyOf(suite.name, check.id));
    return { ...check, historyMs: history && medianGreenMs(history) };
  });
  const estimated = estimateDurations(
    known.map(({ id, file, group, historyMs }) => ({ id, file, group, historyMs })),
    unknownMs[suite.kind],
  );
  const isCrowd = members.length >= crowd.checks && members.length < crowd.checksEach * workers;
  const httpCostMs = isCrowd ? crowd.shardCostMs : shardCostMs;
  const startupMs = suite.kind === 'command' ? suite.startupMs : httpCostMs;
  const plan = planShards({ checks: estimated, workers, startupMs, mode: 'auto' });
  const byId = new Map(members.map((check) => [check.id, check]));
  const unknown = new Set(estimated.filter(({ isUnknown }) => isUnknown).map(({ id }) => id));
  // Each shard of a command costs a start, and its runner limits the time of each test itself.
  const mostOf = (ids: readonly string[]) =>
    suite.kind !== 'command' && ids.some((id) => unknown.has(id)) ? mostUnknown(suite) : maxChecks;
  return plan.shards.flatMap(({ ids, expectedMs }) =>
    cut(
      ids.flatMap((id) => byId.get(id) ?? []),
      mostOf(ids),
    ).map((some) => ({
      suite: suite.name,
      expectedMs: (expectedMs * some.length) / ids.length,
      unknown: some.filter(({ id }) => unknown.has(id)).length,
      checks: some.map(({ id, quarantined, warns }) => ({
        id,
        ...(quarantined && { quarantined }),
        ...(warns && { warns }),
      })),
    })),
  );
}

/** The limit for shards of slow checks, so that a lost worker is noticed in time. */
function mostUnknown(suite: PlannedSuite): number {
  return Math.max(1, Math.min(maxChecks, Math.floor(unknownShardMs / suite.guessMs)));
}

/**
 * Splits shards that are too large; a group stays together as long as it fits into one document.
 * @param most how many checks a shard may hold, unless a group has more
 */
function cut(checks: readonly UnplannedCheck[], most: number): UnplannedCheck[][] {
  const atoms = [...Map.groupBy(checks, (check) => check.group ?? check).values()].flatMap(fitting);
  const parts: UnplannedCheck[][] = [];
  let room = { checks: 0, bytes: 0 };
  for (const atom of atoms) {
    const bytes = bytesOf(atom);
    const last = parts.at(-1);
    if (last && room.checks + atom.length <= most && room.bytes + bytes <= maxIdBytes) {
      last.push(...atom);
      room = { checks: room.checks + atom.length, bytes: room.bytes + bytes };
    } else {
      parts.push([...atom]);
      room = { checks: atom.length, bytes };
    }
  }
  return parts;
}

/** A group as a whole, or its single checks if no document can hold it. */
function fitting(atom: UnplannedCheck[]): UnplannedCheck[][] {
  const fits = atom.length <= maxChecks && bytesOf(atom) <= maxIdBytes;
  return fits ? [atom] : atom.map((check) => [check]);
}

function bytesOf(checks: readonly UnplannedCheck[]): number {
  return checks.reduce((sum, { id }) => sum + Buffer.byteLength(id), 0);
}
