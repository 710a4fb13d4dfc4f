import type { Category } from '../diagnosis/categories.ts';
import type { CommitProof } from '../diagnosis/commit-evidence.ts';
import { addedLines } from '../scm/changed-lines.ts';
import { lineEndsOf } from '../scm/line-ends.ts';
import { pathInRepository } from '../scm/path-in-repository.ts';
import { type CommitFacts, type CommitReport, fromFile, nothing, told } from './commit-facts.ts';
import type { Suspicion } from './suspicion.ts';

type Code = Extract<Suspicion, { kind: 'code' }>;

/** The file, where a message shows a line of it to compare. */
export function filesForCode({ path, printed }: Code, { paths }: CommitFacts): readonly string[] {
  const file = pathInRepository(path, paths);
  return file === undefined || printed === undefined ? [] : [file];
}

/** Whether the code where it broke is that of the commit, and whether a commit since stable's changed it. */
export function examineCode(code: Code, category: Category, facts: CommitFacts): CommitReport {
  const path = pathInRepository(code.path, facts.paths);
  if (path === undefined) return nothing;
  const reports = [asPrinted(code, path, category, facts), asChanged(code, path, category, facts)];
  return {
    findings: reports.flatMap(({ findings }) => findings),
    evidence: reports.flatMap(({ evidence }) => evidence),
  };
}

function asPrinted(code: Code, path: string, category: Category, facts: CommitFacts): CommitReport {
  const { line, printed } = code;
  const text = facts.files.get(path);
  if (printed === undefined || text === undefined) return nothing;
  const stored = text.split('\n')[line - 1]?.trim();
  const seen = fromFile(facts, path, `${path}:${line}: ${(stored ?? '(no such line)').slice(0, 200)}`);
  if (stored !== printed.trim())
    return told(
      `only in the container: line ${line} of ${path} reads otherwise in the commit, so the image was not made of it alone`,
      [seen],
    );
  // Python and Node take them, so nobody has to look there.
  const ends = lineEndsOf(text).crlf > 0 ? '; its CRLF line ends are not the cause' : '';
  return told(
    `in the commit: line ${line} of ${path} reads so there${ends}`,
    [seen],
    proof(code, category, 'same-in-commit'),
  );
}

function asChanged(code: Code, path: string, category: Category, facts: CommitFacts): CommitReport {
  const { comparison } = facts;
  const file = comparison?.files.find((changed) => changed.path === path);
  if (!comparison || comparison.relation === 'identical') return nothing;
  if (!file) {
    if (comparison.filesCut) return nothing;
    const seen = fromFile(facts, path, `${path} is as in the commit of stable`);
    return told(`no commit since stable's changed ${path}`, [seen], undefined, changedQuestion);
  }
  const { status, additions, deletions, patch = '' } = file;
  const seen = fromFile(facts, path, `${path}: ${status}, +${additions} -${deletions}`);
  if (!addedLines(patch).has(code.line))
    return told(
      `${path} was changed since the commit of stable, though not line ${code.line}`,
      [seen],
      undefined,
      changedQuestion,
    );
  const answer = `line ${code.line} of ${path} is new since the commit of stable`;
  return told(answer, [seen], proof(code, category, 'new-line'), changedQuestion);
}

const changedQuestion = 'Is it new?';

/** It adds to what the message says, and does not take its place. */
function proof({ place }: Code, means: Category, name: string): CommitProof {
  return { name, layer: 'origin', means, weight: 60, place };
}
