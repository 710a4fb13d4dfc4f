import { percentile95 } from '../percentile95.ts';
import { countOf } from '../render/count-of.ts';
import { cutText } from '../render/cut-text.ts';
import { collectionErrorOf } from './collection-error.ts';
import { allowedOf, type Gates, type PerPriority } from './gates.ts';
import { type Priority, priorities } from './priorities.ts';
import { isFailing, type SettledCheck, type Settlement } from './settled-check.ts';

/** The known results of a run's checks so far. */
export interface TestFacts {
  /** The plan; undefined: there is none yet. */
  readonly plan: TestPlanFacts | undefined;
  /** The number of stored shards. */
  readonly shardsIn: number;
  /** All checks of the stored shards. */
  readonly checks: readonly SettledCheck[];
  /** Planned checks that do more than warn and whose shard is not stored: how many, and the first few. */
  readonly missing: { readonly count: number; readonly first: readonly string[] };
  /** True: none of the planned checks does more than warn. */
  readonly warnsOnly?: boolean | undefined;
  /** When the last shard was stored whose checks all failed alike; absent: there is none. */
  readonly burstAt?: Date | undefined;
}

export interface TestPlanFacts {
  readonly shards: number;
  /** The number of checks that count, per priority: all except those in quarantine. */
  readonly counted: PerPriority;
  /** Why the plan may lack checks: faults of the tests themselves. */
  readonly problems: readonly string[];
  /** The same of suites that only warn. */
  readonly warnings?: readonly string[] | undefined;
  /** Why no check could be sent to the candidate. */
  readonly unreachable?: string | undefined;
}

export interface TestPolicy {
  readonly gates: Gates;
  readonly p95Ms: number;
  /** The highest accepted percentage of checks that break by themselves. */
  readonly erroredPercent: number;
  /** Whether suspect checks are only reported, or count as not run. */
  readonly suspect: 'report' | 'not-run';
}

export type TestAssessment =
  | { readonly kind: 'running' }
  | { readonly kind: 'passed'; readonly note: string }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly cause: TestUnknownCause; readonly detail: string };

export type TestUnknownCause =
  | 'no-tests'
  | 'unreachable'
  | 'missing-results'
  | 'fix-test'
  | 'known-failures'
  | 'tests-not-compared'
  | 'tests-latency'
  | 'suspect-tests';

/**
 * Judges a run's checks. A function of the facts alone. Regressions beyond a gate fail at once, even while results are
 * missing; nothing passes before every planned check is stored.
 *
 * @param deadlinePassed true: no further results are awaited
 */
export function assessTests(facts: TestFacts, policy: TestPolicy, deadlinePassed: boolean): TestAssessment {
  const { plan } = facts;
  if (!plan)
    return deadlinePassed
      ? unknown('missing-results', 'the checks were not planned before the deadline')
      : { kind: 'running' };
  const counted = facts.checks.filter((check) => !check.quarantined);
  const allowed = allowedOf(plan.counted, policy.gates);
  const regressions = counted.filter((check) => check.settlement === 'regression');
  const lost = priorities.find((p) => ofPriority(regressions, p).length > allowed[p]);
  if (lost) return { kind: 'failed', detail: lostText(ofPriority(regressions, lost), lost, plan, policy) };
  if (facts.shardsIn < plan.shards && !deadlinePassed) return { kind: 'running' };
  const complete = assessComplete(facts, plan, counted, allowed, policy);
  return complete.kind === 'passed'
    ? { ...complete, note: complete.note + warningsOf(facts, plan) }
    : complete;
}

/** What failed of the checks that only warn. */
function warningsOf({ checks }: TestFacts, { warnings = [] }: TestPlanFacts): string {
  const failing = checks.filter(({ warns, settlement }) => warns && !silentEnds.includes(settlement));
  const told = [
    ...(failing.length > 0 ? [names(failing)] : []),
    ...(warnings.length > 0 ? [sample(warnings)] : []),
  ];
  return told.length > 0
    ? `; ${countOf(failing.length + warnings.length, 'warning')}: ${told.join(', ')}`
    : '';
}

const silentEnds: readonly Settlement[] = ['passed', 'flaky', 'skipped'];

function assessComplete(
  { missing, warnsOnly }: TestFacts,
  plan: TestPlanFacts,
  counted: readonly SettledCheck[],
  allowed: PerPriority,
  policy: TestPolicy,
): TestAssessment {
  if (plan.unreachable !== undefined) return unknown('unreachable', plan.unreachable);
  if (plan.problems.length > 0)
    return unknown('fix-test', `the tests could not be collected: ${sample(plan.problems)}`);
  if (missing.count > 0)
    return unknown(
      'missing-results',
      `no result for ${countOf(missing.count, 'check')}: ${list(missing.first, missing.count)}`,
    );
  const notRun = counted.filter((check) => check.settlement === 'not-run');
  if (notRun.length > 0)
    return unknown('missing-results', `${countOf(notRun.length, 'check')} did not run: ${names(notRun)}`);
  const suspect = counted.filter((check) => check.settlement === 'suspect');
  if (suspect.length > 0 && policy.suspect === 'not-run')
    return unknown(
      'suspect-tests',
      `${countOf(suspect.length, 'check')} may not have run: they took no time, or sent the revision no request: ${names(suspect)}`,
    );
  // Where all checks only warn, it is as if there were none.
  if (warnsOnly) return { kind: 'passed', note: 'no check counts' };
  const silent = findSilent(plan, counted, ['skipped']);
  if (silent || counted.length === 0)
    return unknown(
      'no-tests',
      silent ? `every check of ${silent} was skipped` : 'there are no checks that count',
    );
  const errored = counted.filter((check) => check.settlement === 'errored');
  if (errored.length * 100 > counted.length * policy.erroredPercent)
    return unknown(
      'fix-test',
      `${countOf(errored.length, 'check')} errored: ${names(errored)}${whyOf(errored)}`,
    );
  const broken = findSilent(plan, counted, ['skipped', 'errored']);
  if (broken) return unknown('no-tests', `every check of ${broken} was skipped or errored`);
  return assessFailing(counted, allowed, policy);
}

/** Empty: the tests were loaded. */
function whyOf(errored: readonly SettledCheck[]): string {
  const faults = new Set(errored.flatMap(({ detail }) => collectionErrorOf(detail) ?? []));
  return faults.size > 0 ? `; ${sample([...faults])}` : '';
}

/** A priority whose checks all ended in this way, so that nothing is known about it. */
function findSilent(
  plan: TestPlanFacts,
  counted: readonly SettledCheck[],
  silent: readonly Settlement[],
): Priority | undefined {
  return priorities.find(
    (p) => plan.counted[p] > 0 && ofPriority(counted, p).every((c) => silent.includes(c.settlement)),
  );
}

function assessFailing(
  counted: readonly SettledCheck[],
  allowed: PerPriority,
  policy: TestPolicy,
): TestAssessment {
  const failing = counted.filter((check) => isFailing(check.settlement));
  const beyond = priorities.find((p) => ofPriority(failing, p).length > allowed[p]);
  if (beyond) {
    const those = ofPriority(failing, beyond);
    const uncompared = those.filter((check) => check.settlement === 'uncompared');
    return uncompared.length > 0
      ? unknown(
          'tests-not-compared',
          `${those.length} of ${beyond} fail, and ${countOf(uncompared.length, 'of them', 'of them')} could not be compared with the stable revision: ${names(uncompared)}`,
        )
      : unknown(
          'known-failures',
          `${those.length} of ${beyond} fail, and the stable revision is no better: ${names(those)}`,
        );
  }
  return assessLatency(counted, policy);
}

/** Of fewer answers the slowest one or two would decide alone. */
const fewestForP95 = 20;

function assessLatency(counted: readonly SettledCheck[], { p95Ms: limitMs }: TestPolicy): TestAssessment {
  const latencies = counted.flatMap(({ latencyMs }) => latencyMs ?? []);
  const p95Ms = percentile95(latencies);
  const isJudged = latencies.length >= fewestForP95;
  if (isJudged && p95Ms !== undefined && p95Ms > limitMs)
    return unknown(
      'tests-latency',
      `the 95th percentile of response times is ${Math.round(p95Ms)} ms, the limit ${limitMs} ms`,
    );
  // Commands tell no response times: there is nothing to judge.
  const isSilent = isJudged || latencies.length === 0;
  const few = `; p95 not judged (${latencies.length} of ${fewestForP95} response times)`;
  return { kind: 'passed', note: summary(counted) + (isSilent ? '' : few) };
}

function ofPriority(checks: readonly SettledCheck[], priority: Priority): readonly SettledCheck[] {
  return checks.filter((check) => check.priority === priority);
}

function lostText(
  regressions: readonly SettledCheck[],
  priority: Priority,
  { counted }: TestPlanFacts,
  { gates }: TestPolicy,
): string {
  const limit = gates[priority] === 0 ? 'none allowed' : `less than ${gates[priority]} % allowed`;
  return `${regressions.length} of ${countOf(counted[priority], 'check')} of ${priority} ${regressions.length === 1 ? 'fails here and passes' : 'fail here and pass'} on the stable revision (${limit}): ${names(regressions)}`;
}

function summary(counted: readonly SettledCheck[]): string {
  const of = (settlement: string) => counted.filter((check) => check.settlement === settlement).length;
  const parts = [`${of('passed')} passed`];
  for (const settlement of ['flaky', 'regression', 'known', 'uncompared', 'errored', 'skipped', 'suspect'])
    if (of(settlement) > 0) parts.push(`${of(settlement)} ${settlement}`);
  return `${countOf(counted.length, 'check')}: ${parts.join(', ')}`;
}

const shown = 5;
const shownLength = 120;

function names(checks: readonly SettledCheck[]): string {
  return list(
    checks.slice(0, shown).map((check) => `${check.suite}: ${check.id}`),
    checks.length,
  );
}

function sample(texts: readonly string[]): string {
  return list(texts.slice(0, shown), texts.length);
}

function list(first: readonly string[], all: number): string {
  const some = first.slice(0, shown).map((text) => cutText(text, shownLength));
  return some.join(', ') + (all > some.length ? `, and ${all - some.length} more` : '');
}

function unknown(cause: TestUnknownCause, detail: string): TestAssessment {
  return { kind: 'unknown', cause, detail };
}
