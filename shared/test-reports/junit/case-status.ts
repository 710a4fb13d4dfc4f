import type { TestOutcome } from '../test-case.ts';
import { outcomeOfWord } from '../values/outcome-of-word.ts';

/** How a case ended by its own attributes. */
export interface CaseStatus {
  readonly word: string;
  /** `errored` when the word is not known: nobody can tell. */
  readonly outcome: TestOutcome;
  readonly known: boolean;
}

/** GoogleTest has both: `status` says whether a case was run, `result` what came of it. */
const attributeNames = ['status', 'result'];
const worstFirst: readonly TestOutcome[] = ['failed', 'errored', 'skipped', 'passed'];
const maxWordLength = 64;

/** @returns the worse one when both attributes say something; undefined: neither does */
export function readCaseStatus(attributes: ReadonlyMap<string, string>): CaseStatus | undefined {
  const said = attributeNames.flatMap((name): CaseStatus[] => {
    const word = attributes.get(name)?.trim().slice(0, maxWordLength);
    if (!word) return [];
    const outcome = outcomeOfWord(word);
    return [{ word, outcome: outcome ?? 'errored', known: outcome !== undefined }];
  });
  return said.toSorted((a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome))[0];
}
