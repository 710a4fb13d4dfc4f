import type { CommitEvidence, CommitProof } from '../diagnosis/commit-evidence.ts';
import type { Evidence } from '../diagnosis/evidence.ts';
import type { CommitComparison } from '../scm/commit-comparison.ts';
import type { Preventable } from './preventable.ts';

/** What was read of the commit that was deployed. */
export interface CommitFacts {
  readonly sha: string;
  /** The paths of its files. */
  readonly paths: readonly string[];
  /** True: a path that is not listed may exist. */
  readonly pathsCut: boolean;
  /** From the commit of stable to this one; absent: stable's is not known. */
  readonly comparison?: CommitComparison | undefined;
  /** The texts of files by their paths; undefined: asked for, and not a text that can be read. */
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** What a look at the commit showed. */
export interface CommitReport extends CommitEvidence {
  /** Present: a pull request may mend it. */
  readonly preventable?: Preventable | undefined;
}

export const nothing: CommitReport = { findings: [], evidence: [] };

/** Asked of each cause of which the commit tells. */
export const originQuestion = 'In the commit, or only in the container?';

/** A piece of evidence from a file of the commit. */
export function fromFile({ sha }: Pick<CommitFacts, 'sha'>, path: string, text: string): Evidence {
  return { ref: `commit:${sha}:${path}`, source: 'commit', text };
}

/** A piece of evidence from the commit as a whole. */
export function fromCommit({ sha }: Pick<CommitFacts, 'sha'>, text: string): Evidence {
  return { ref: `commit:${sha}`, source: 'commit', text };
}

/** One step of the whys, and what it rests on. */
export function told(
  answer: string,
  evidence: readonly Evidence[],
  proof?: CommitProof,
  question = originQuestion,
): CommitReport {
  return { findings: [{ question, answer, evidence: evidence.map(({ ref }) => ref), proof }], evidence };
}
