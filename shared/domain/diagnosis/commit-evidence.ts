import type { Category } from './categories.ts';
import type { Evidence } from './evidence.ts';
import type { Sign } from './find-signs.ts';
import type { Layer } from './rule.ts';

/** What the deployed commit says about a failure. */
export interface CommitEvidence {
  readonly findings: readonly CommitFinding[];
  /** What the findings refer to: `commit:SHA:PATH`, `commit:SHA`. */
  readonly evidence: readonly Evidence[];
}

/** A step of the whys that rests on the commit. */
export interface CommitFinding {
  readonly question: string;
  readonly answer: string;
  /** References of evidence; never empty. */
  readonly evidence: readonly string[];
  /** What it proves; absent: it only tells more. */
  readonly proof?: CommitProof | undefined;
}

export interface CommitProof {
  readonly name: string;
  readonly layer: Extract<Layer, 'cause' | 'origin'>;
  readonly means: Category;
  /** From 0 to 100, as that of a rule. */
  readonly weight: number;
  /** The place of the line among all lines that made us look. */
  readonly place: number;
}

/** What the commit proves, beside what messages say. */
export function signsOfCommit({ findings, evidence }: CommitEvidence): readonly Sign[] {
  return findings.flatMap(({ answer, evidence: refs, proof }) => {
    const item = evidence.find(({ ref }) => ref === refs[0]);
    if (!proof || !item) return [];
    const { name, layer, means, weight, place } = proof;
    const rule = { name, layer, means, weight, pattern: '', says: answer, source: 'the commit' };
    return [{ rule, line: { text: answer, evidence: item }, says: answer, weight, place }];
  });
}
