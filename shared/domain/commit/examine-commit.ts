import { assertNever } from '../assert-never.ts';
import type { Category } from '../diagnosis/categories.ts';
import type { Evidence } from '../diagnosis/evidence.ts';
import { type CommitFacts, type CommitReport, fromCommit, fromFile, told } from './commit-facts.ts';
import { examineCode, filesForCode } from './examine-code.ts';
import { examineModule, filesForModule } from './examine-module.ts';
import { examineScript, filesForScript } from './examine-script.ts';
import { describeNotable } from './notable-changes.ts';
import type { Suspicion } from './suspicion.ts';

const maxShown = 5;
const commitsQuestion = 'What has changed in the commits?';

/** The files that tell more and were not read yet, the most telling first. */
export function filesToRead(suspicions: readonly Suspicion[], facts: CommitFacts): readonly string[] {
  const wanted = suspicions.flatMap((suspicion) => filesFor(suspicion, facts));
  return [...new Set(wanted)].filter((path) => !facts.files.has(path));
}

function filesFor(suspicion: Suspicion, facts: CommitFacts): readonly string[] {
  switch (suspicion.kind) {
    case 'script':
      return filesForScript(suspicion, facts);
    case 'module':
      return filesForModule(suspicion, facts);
    case 'code':
      return filesForCode(suspicion, facts);
    default:
      return assertNever(suspicion);
  }
}

/** What the commit says about the suspicions of a first diagnosis, and what has changed since stable's commit. */
export function examineCommit(
  suspicions: readonly Suspicion[],
  category: Category,
  facts: CommitFacts,
): CommitReport {
  const reports = [
    ...suspicions.map((suspicion) => examine(suspicion, category, facts)),
    ...commitsOf(facts),
  ];
  const byRef = Map.groupBy(
    reports.flatMap(({ evidence }) => evidence),
    ({ ref }) => ref,
  );
  return {
    findings: reports.flatMap(({ findings }) => findings),
    evidence: [...byRef.values()].flatMap(joined),
    preventable: reports.find(({ preventable }) => preventable !== undefined)?.preventable,
  };
}

/** What several findings saw of one file. */
function joined(seen: readonly Evidence[]): readonly Evidence[] {
  const [first] = seen;
  return first ? [{ ...first, text: [...new Set(seen.map(({ text }) => text))].join('; ') }] : [];
}

function examine(suspicion: Suspicion, category: Category, facts: CommitFacts): CommitReport {
  switch (suspicion.kind) {
    case 'script':
      return examineScript(suspicion, facts);
    case 'module':
      return examineModule(suspicion, facts);
    case 'code':
      return examineCode(suspicion, category, facts);
    default:
      return assertNever(suspicion);
  }
}

/** What lies between the two commits, where it may matter to any start. */
function commitsOf(facts: CommitFacts): readonly CommitReport[] {
  const { comparison } = facts;
  if (!comparison) return [];
  const { relation, aheadBy, behindBy, files } = comparison;
  const notable = files.flatMap((file) => {
    const text = describeNotable(file);
    return text === undefined ? [] : [fromFile(facts, file.path, text)];
  });
  const shown = notable.slice(0, maxShown);
  const range =
    relation === 'identical'
      ? 'the same commit as stable'
      : `${aheadBy} ahead of stable's commit, ${behindBy} behind`;
  const whole = fromCommit(facts, range);
  const answer =
    relation === 'identical'
      ? 'nothing: stable was made of the same commit, so its code is not what differs'
      : relation === 'behind'
        ? `it is older than stable's commit: ${behindBy} commits were left out`
        : describe(aheadBy, files.length, comparison.filesCut, shown);
  const evidence = [whole, ...(relation === 'identical' ? [] : shown)];
  return [told(answer, evidence, undefined, commitsQuestion)];
}

function describe(commits: number, files: number, isCut: boolean, shown: readonly Evidence[]): string {
  const told = shown.map(({ text }) => text).join('; ');
  const all = `${commits} ${commits === 1 ? 'commit' : 'commits'}, ${isCut ? 'more than ' : ''}${files} ${files === 1 ? 'file' : 'files'}`;
  return told === '' ? all : `${all}; among them ${told}`;
}
