import type { TestOutcome } from '../test-case.ts';
import { outcomeOfWord } from '../values/outcome-of-word.ts';

/** The outcome of a case by its own attributes. */
export interface CaseStatus {
  readonly word: string;
  /** `errored` for an unknown word. */
  readonly outcome: TestOutcome;
  readonly known: boolean;
}

/** GoogleTest writes both: `status` says whether a case was run, `result` how it ended. */
const attributeNames = ['status', 'result'];
const worstFirst: readonly TestOutcome[] = ['failed', 'errored', 'skipped', 'passed'];
const maxWordLength = 64;

/** @returns the worse one if both attributes decide; undefined: neither does */
export function readCaseStatus(attributes: ReadonlyMap<string, string>): CaseStatus | undefined {
  const said = attributeNames.flatMap((name): CaseStatus[] => {
    const word = attributes.get(name)?.trim().slice(0, maxWordLength);
    if (!word) return [];
    const outcome = outcomeOfWord(word);
    return [{ word, outcome: outcome ?? 'errored', known: outcome !== undefined }];
  });
  return said.toSorted((a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome))[0];
}
