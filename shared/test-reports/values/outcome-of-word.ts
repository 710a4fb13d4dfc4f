import type { TestOutcome } from '../test-case.ts';

/**
 * The status words of JUnit, NUnit, MSTest, GoogleTest, CTest, behave, Robot and others, in lower case without
 * separators.
 */
const words: readonly (readonly [TestOutcome, string])[] = [
  ['passed', 'passed pass success successful succeeded ok run ran completed complete executed done fixed'],
  ['failed', 'failed fail failure failing timeout timedout regression'],
  ['errored', 'errored error broken crashed aborted interrupted cancelled canceled blocked'],
  ['errored', 'inconclusive undefined unknown other'],
  ['skipped', 'skipped skip ignored ignore disabled suppressed excluded deselected pending todo'],
  ['skipped', 'notrun notexecuted notrunnable untested xfail xfailed'],
];

const outcomes: ReadonlyMap<string, TestOutcome> = new Map(
  words.flatMap(([outcome, list]) => list.split(' ').map((word) => [word, outcome])),
);

/** The outcome that a status word means; undefined: an unknown word, which must never count as a pass. */
export function outcomeOfWord(word: string): TestOutcome | undefined {
  return outcomes.get(word.toLowerCase().replace(/[\s_-]+/g, ''));
}

/** Why a case with nothing but a status word did not pass. */
export function describeWord(word: string): string {
  const unknown = outcomeOfWord(word) === undefined ? ', which is unknown' : '';
  return `its report gives it the status ${JSON.stringify(word.slice(0, 64))}${unknown}`;
}
