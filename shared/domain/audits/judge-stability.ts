import type { RevisionName } from '../ids.ts';
import { countOf } from '../render/count-of.ts';
import { type Audit, type AuditPolicy, type AuditRow, meanScore, statusOf } from './audit.ts';
import type { Counted } from './count-incidents.ts';
import type { Answers, StabilityMeasures } from './measure-stability.ts';

/** What stability is judged by. */
export const stabilityMeasures = ['availability', 'p95', 'restarts', 'errors'] as const;
export type StabilityMeasure = (typeof stabilityMeasures)[number];

export interface StabilityPolicy extends AuditPolicy {
  readonly measures: readonly StabilityMeasure[];
  /** Fewer user requests prove nothing: then the guard's own probes are judged. */
  readonly minimumRequests: number;
}

/** The last good revision's measures, or as much as is known of stable in the same windows. */
export interface StabilityBaseline extends Partial<StabilityMeasures> {
  readonly revision: RevisionName;
}

/** How much worse than the baseline a value may be: `baseline × factor + slack`. All are better if lower. */
interface Allowance {
  readonly factor: number;
  readonly slack: number;
}
const allowances = {
  /** Of the share of bad answers. */
  availability: { factor: 1, slack: 0.005 },
  /** In milliseconds. */
  p95: { factor: 1.25, slack: 50 },
  /** Per hour. */
  restarts: { factor: 1, slack: 0 },
  errorsPerRequest: { factor: 1.25, slack: 0.01 },
  errorsPerMinute: { factor: 1.25, slack: 1 },
} as const satisfies Readonly<Record<string, Allowance>>;

/** A share of fewer probes than this means nothing. */
const fewestProbes = 3;
const hourMs = 3_600_000;
const minuteMs = 60_000;

/**
 * How steady a revision was while it had users. The score is the mean of its rows, each 1 within its limit and
 * `limit ÷ value` above it.
 * @param measures undefined: it was never watched
 */
export function judgeStability(
  measures: StabilityMeasures | undefined,
  baseline: StabilityBaseline | undefined,
  { gate, minimum, ...policy }: StabilityPolicy,
): Audit {
  const rows = measures
    ? rowsOf(measures, baseline, policy)
    : [{ what: 'watch', state: 'unknown', note: 'it was never watched' } as const];
  const score = meanScore(rows);
  const status = statusOf(rows, score !== undefined && score < minimum);
  return { name: 'stability', status, score, minimum, gate, baseline: baseline?.revision, rows };
}

type RowPolicy = Omit<StabilityPolicy, keyof AuditPolicy>;

function rowsOf(
  measures: StabilityMeasures,
  baseline: StabilityBaseline | undefined,
  policy: RowPolicy,
): readonly AuditRow[] {
  const source = sourceOf(measures, policy);
  const now = source && measures[source];
  const then = source && enough(baseline?.[source], source, policy);
  const of = source === 'requests' ? 'users' : 'probes';
  const why = source ? 'no answer has a latency' : whyNoAnswers(measures);
  const rows: Readonly<Record<StabilityMeasure, AuditRow>> = {
    availability: compare(now && badShare(now), then && badShare(then), allowances.availability, {
      what: `availability, ${of}`,
      text: (share) => `${(100 * (1 - share)).toFixed(2)} %`,
      why,
    }),
    p95: compare(now?.p95Ms, then?.p95Ms, allowances.p95, {
      what: `p95, ${of}`,
      text: (ms) => `${Math.round(ms)} ms`,
      why,
    }),
    restarts: restartsRow(measures, baseline),
    errors: errorsRow(measures, baseline, policy),
  };
  return [...policy.measures.map((measure) => rows[measure]), memoryRow(measures)];
}

/** Undefined: what users got could not be read, or too few probes were made. */
function sourceOf(measures: StabilityMeasures, policy: RowPolicy): 'requests' | 'probes' | undefined {
  if (measures.requests === undefined) return undefined;
  if (enough(measures.requests, 'requests', policy)) return 'requests';
  return enough(measures.probes, 'probes', policy) ? 'probes' : undefined;
}

function enough(
  answers: Answers | undefined,
  source: 'requests' | 'probes',
  { minimumRequests }: RowPolicy,
): Answers | undefined {
  const fewest = source === 'requests' ? Math.max(1, minimumRequests) : fewestProbes;
  return answers && answers.count >= fewest ? answers : undefined;
}

function whyNoAnswers({ requests, probes }: StabilityMeasures): string {
  return requests === undefined
    ? 'a window of the request log could not be read'
    : `only ${countOf(probes.count, 'probe')} and ${countOf(requests.count, 'request')} of users`;
}

function badShare({ bad, count }: Answers): number {
  return bad / count;
}

function restartsRow(
  { incidents: now }: StabilityMeasures,
  baseline: StabilityBaseline | undefined,
): AuditRow {
  const then = baseline?.incidents;
  return compare(
    rate(now?.restarts, now?.spanMs, hourMs),
    rate(then?.restarts, then?.spanMs, hourMs),
    allowances.restarts,
    {
      what: 'restarts',
      text: (perHour) => `${perHour.toFixed(1)} per hour`,
      atLeast: now?.restarts?.atLeast,
      why: "Cloud Run's own log of it is not known",
    },
  );
}

/** Per request of users where both runs had enough of them, else per minute. */
function errorsRow(
  { incidents: now, requests }: StabilityMeasures,
  baseline: StabilityBaseline | undefined,
  policy: RowPolicy,
): AuditRow {
  const then = baseline?.incidents;
  const own = enough(requests, 'requests', policy)?.count;
  const other = enough(baseline?.requests, 'requests', policy)?.count;
  const byRequest = own !== undefined && (other !== undefined || then === undefined);
  const why = 'its output is not known, or none of its lines has a severity';
  const about = { what: 'errors in the log', atLeast: now?.errors?.atLeast, why };
  return byRequest
    ? compare(rate(now?.errors, own, 1), rate(then?.errors, other, 1), allowances.errorsPerRequest, {
        ...about,
        text: (each) => `${each.toFixed(3)} per request`,
      })
    : compare(
        rate(now?.errors, now?.spanMs, minuteMs),
        rate(then?.errors, then?.spanMs, minuteMs),
        allowances.errorsPerMinute,
        { ...about, text: (each) => `${each.toFixed(1)} per minute` },
      );
}

/** Undefined: not known. @param over what there was of requests or time; 0 makes no rate */
function rate(counted: Counted | undefined, over: number | undefined, unit: number): number | undefined {
  return counted && over !== undefined && over > 0 ? (counted.count * unit) / over : undefined;
}

/** How much memory is left is in no log: only that it was used up. */
function memoryRow({ incidents }: StabilityMeasures): AuditRow {
  const kills = incidents?.memoryKills ?? 0;
  return kills > 0
    ? { what: 'memory', state: 'bad', value: `used up ${countOf(kills, 'time')}`, score: 0 }
    : { what: 'memory', state: 'told', note: 'the headroom is not known: no log tells it' };
}

interface About {
  readonly what: string;
  readonly text: (value: number) => string;
  /** True: the value may be higher. */
  readonly atLeast?: boolean | undefined;
  /** Why the value is not known, where it is not. */
  readonly why: string;
}

/** Without a baseline only a value that cannot be better is good. */
function compare(
  value: number | undefined,
  baseline: number | undefined,
  { factor, slack }: Allowance,
  { what, text, atLeast = false, why }: About,
): AuditRow {
  const shown = {
    what,
    value: value === undefined ? undefined : `${atLeast ? 'at least ' : ''}${text(value)}`,
    baseline: baseline === undefined ? undefined : text(baseline),
  };
  if (value === undefined) return { ...shown, state: 'unknown', note: why };
  if (baseline === undefined && value > 0)
    return { ...shown, state: 'unknown', note: 'there is nothing to compare it with' };
  const limit = (baseline ?? 0) * factor + slack;
  if (value > limit)
    return { ...shown, state: 'bad', score: limit / value, note: `the limit is ${text(limit)}` };
  if (atLeast) return { ...shown, state: 'unknown', note: 'there are more entries than were read' };
  return { ...shown, state: 'good', score: 1 };
}
