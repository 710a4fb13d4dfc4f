import { type CheckResult, maxDetailLength } from '../domain/checks/check-result.ts';
import { fileOfTest } from '../domain/checks/file-of-test.ts';
import { type FoldedTest, foldRetries, keepApart } from './fold-retries.ts';
import { type MatchedTest, matchResults } from './match-results.ts';
import { type CollectionError, findCollectionErrors, isNoTest } from './output/find-collection-errors.ts';
import { findErrorLine } from './output/find-error-line.ts';
import type { Report } from './read-report.ts';
import type { ResultsProblem } from './results-problem.ts';
import type { TestCase } from './test-case.ts';

/** How a command that ran tests ended. */
export interface CommandEnd {
  /** By itself, or terminated. */
  readonly how: 'exited' | 'timeout' | 'aborted' | 'not-started';
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The end of its output. */
  readonly tail: string;
}

/** Reports often use local time without a zone: an older time means another run in any zone. */
const staleMs = 26 * 3_600_000;

/**
 * Judges the report of a command: one result for each expected test. No test passes if the command's exit contradicts
 * that, or if the report belongs to another run.
 *
 * @param startedAtMs when the command was started, in ms since the epoch
 */
export function judgeReport(
  ids: readonly string[],
  report: Report,
  ended: CommandEnd,
  startedAtMs: number,
): readonly CheckResult[] {
  const { tests, doubt, absence } = weigh(report, ended, startedAtMs);
  const { matched, missing, ambiguous } = matchResults(ids, tests);
  const unsure = new Set(ambiguous.flatMap((one) => one.ids));
  const unloaded = missing.length > 0 ? collectionErrorsOf(report, ended) : [];
  const lost = missing.map((id): CheckResult => {
    const why = unsure.has(id) ? 'a case in the report may belong to this test or to another' : absence;
    const file = fileOfTest(id);
    const fault = unloaded.find(({ about }) => about.includes(file)) ?? unloaded[0];
    const end = `${describeEnd(ended)}, and ${why}`;
    return errored(id, fault ? `${fault.text}; ${end}` : `${end}${tailOf(ended)}`);
  });
  return [...matched.map((test) => resultOf(test, doubt)), ...lost];
}

/** Why tests could not be loaded: a report may say so in place of their results. */
function collectionErrorsOf({ cases, state }: Report, { tail }: CommandEnd): readonly CollectionError[] {
  const messages = state === 'older' ? [] : cases.flatMap(({ message }) => message ?? []);
  return [...messages, tail].flatMap(findCollectionErrors);
}

/** Judges all tests in a command's report, when neither its expected tests nor its start are known. */
export function judgeWholeReport(report: Report, ended: CommandEnd): readonly CheckResult[] {
  const { tests, doubt } = weigh(report, ended, undefined);
  return tests.map((test) => resultOf({ id: test.cases[0].id, ...test, tests: [test] }, doubt));
}

interface WeighedReport {
  readonly tests: readonly FoldedTest[];
  /** Why no pass is credible; absent: passes are. */
  readonly doubt: string | undefined;
  /** Why the report lacks a test. */
  readonly absence: string;
}

/**
 * Cases of one name are attempts of one test only if that explains the command's exit: with 0, or with another failed
 * test. Otherwise they are tests with the same title, and the failed one explains the exit.
 */
function weigh(
  { cases: all, problems, state }: Report,
  ended: CommandEnd,
  startedAtMs: number | undefined,
): WeighedReport {
  const oldestMs = startedAtMs === undefined ? 0 : startedAtMs - staleMs;
  const isStale = ({ ranAtMs }: TestCase) => ranAtMs !== undefined && ranAtMs < oldestMs;
  const cases = state === 'older' ? [] : all.filter((one) => !isStale(one));
  const folded = foldRetries(cases);
  const isExplained = (ended.how === 'exited' && ended.code === 0) || folded.some(hasFailed);
  const tests = isExplained ? folded : keepApart(cases);
  const broken = problems.find(({ severity }) => severity === 'error');
  const absence = whyMissing(state, broken, all.find(isStale));
  const unexplained = ended.how === 'exited' && ended.code !== 0 && !tests.some(hasFailed);
  const why = unexplained ? 'although no test failed' : broken && `and ${absence}`;
  return { tests, doubt: why && `${describeEnd(ended)} ${why}${tailOf(ended)}`, absence };
}

function hasFailed({ outcome }: FoldedTest): boolean {
  return outcome === 'failed' || outcome === 'errored';
}

function whyMissing(
  state: Report['state'],
  broken: ResultsProblem | undefined,
  stale: TestCase | undefined,
): string {
  if (state === 'missing') return 'it wrote no report';
  if (state === 'older') return 'its report existed before the start';
  if (broken) {
    const line = broken.line === undefined ? '' : ` (line ${broken.line})`;
    return `its report is unreliable: ${broken.message}${line}`;
  }
  if (stale?.ranAtMs !== undefined)
    return `its report is from another run, of ${new Date(stale.ranAtMs).toISOString()}`;
  return 'its report does not contain it';
}

/** @param doubt why no pass is credible; absent: passes are */
function resultOf({ id, outcome, flaky, tests }: MatchedTest, doubt: string | undefined): CheckResult {
  const cases = tests.flatMap((test) => test.cases);
  const durationMs = cases.reduce((sum, one) => sum + (one.durationMs ?? 0), 0);
  const untimed = cases.some((one) => one.durationMs === undefined);
  if (outcome === 'passed' && doubt !== undefined) return { ...errored(id, doubt), durationMs };
  const message = cases.find((one) => one.outcome === outcome && one.message !== undefined)?.message;
  const unloaded = message !== undefined && isNoTest(message) ? findCollectionErrors(message)[0] : undefined;
  if (unloaded) return { ...errored(id, `${unloaded.text}\n${message}`), durationMs };
  const signature = outcome === 'failed' ? signatureOf(message ?? '') : undefined;
  return {
    id,
    outcome,
    flaky,
    durationMs,
    ...(untimed && { untimed }),
    ...(message !== undefined && { detail: errorFirst(message).slice(0, maxDetailLength) }),
    ...(signature !== undefined && { signature }),
  };
}

/** Some reports begin with the name of the test, or with nothing but `Failed`. */
function errorFirst(message: string): string {
  const error = findErrorLine(message);
  return error === undefined || message.trimStart().startsWith(error) ? message : `${error}\n${message}`;
}

/** Only phrases that no test would print by chance. */
function signatureOf(message: string): string | undefined {
  if (/ECONNREFUSED|Connection refused/i.test(message)) return 'refused';
  const status = /\b(?:HTTP(?:Error)?:?\s*|status(?:\s*code)?[ :=]*)(50[0234])\b/i.exec(message)?.[1];
  return status === undefined ? undefined : `http-${status}`;
}

function errored(id: string, detail: string): CheckResult {
  return { id, outcome: 'errored', durationMs: 0, detail: detail.slice(0, maxDetailLength) };
}

export function describeEnd({ how, code, signal }: CommandEnd): string {
  if (how === 'timeout') return 'the command was stopped at its time limit';
  if (how === 'not-started') return 'the command could not be started';
  const ending = signal ?? signalOf(code);
  return ending === undefined ? `the command exited with ${code}` : `the command was terminated by ${ending}`;
}

/** Signals with the same number on all platforms. */
const signals: ReadonlyMap<number, string> = new Map([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [3, 'SIGQUIT'],
  [4, 'SIGILL'],
  [6, 'SIGABRT'],
  [8, 'SIGFPE'],
  [9, 'SIGKILL'],
  [11, 'SIGSEGV'],
  [13, 'SIGPIPE'],
  [14, 'SIGALRM'],
  [15, 'SIGTERM'],
]);

/** A shell reports 128 plus the number of the signal that ended its command. */
function signalOf(code: number | undefined): string | undefined {
  return code === undefined ? undefined : signals.get(code - 128);
}

const shownTail = 300;

/** The error in a command's output, or else its last lines, as the end of a sentence; empty: it printed nothing. */
export function tailOf({ tail }: CommandEnd): string {
  const text = tail.trim();
  if (text === '') return '';
  const error = findErrorLine(text);
  if (error !== undefined) return `; output: ${error}`;
  const end = text.slice(-shownTail);
  const line = end.length < text.length ? end.indexOf('\n') + 1 : 0;
  return `; output: ${end.slice(line)}`;
}
