import type { Commit, FlatTree, GitObjects } from './git-objects.ts';

export interface Difference {
  readonly filename: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  readonly previous_filename?: string;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for a binary file. */
  readonly patch?: string;
}

export interface Comparison {
  readonly status: 'ahead' | 'behind' | 'diverged' | 'identical';
  readonly ahead: readonly Commit[];
  readonly behind: readonly Commit[];
  readonly mergeBase: Commit;
  readonly files: readonly Difference[];
}

/** As `git log base..head` and `git diff base...head`. Undefined: no common commit. */
export function compareCommits(git: GitObjects, base: Commit, head: Commit): Comparison | undefined {
  const ofBase = git.history(base.sha);
  const ofHead = git.history(head.sha);
  const inBase = new Set(ofBase.map(({ sha }) => sha));
  const inHead = new Set(ofHead.map(({ sha }) => sha));
  const mergeBase = ofHead.find(({ sha }) => inBase.has(sha));
  if (!mergeBase) return undefined;
  const ahead = ofHead.filter(({ sha }) => !inBase.has(sha)).reverse();
  const behind = ofBase.filter(({ sha }) => !inHead.has(sha));
  const files = compareTrees(git, git.tree(mergeBase.sha) ?? new Map(), git.tree(head.sha) ?? new Map());
  return { status: relationOf(ahead.length, behind.length), ahead, behind, mergeBase, files };
}

function relationOf(ahead: number, behind: number): Comparison['status'] {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

function compareTrees(git: GitObjects, before: FlatTree, after: FlatTree): Difference[] {
  const removed = new Map([...before].filter(([path]) => !after.has(path)));
  const differences: Difference[] = [];
  for (const [filename, entry] of after) {
    const old = before.get(filename);
    if (old?.sha === entry.sha && old.mode === entry.mode) continue;
    const renamed = old ? undefined : [...removed].find(([, { sha }]) => sha === entry.sha)?.[0];
    if (renamed !== undefined) {
      removed.delete(renamed);
      const previous = { previous_filename: renamed };
      differences.push({ filename, status: 'renamed', ...previous, additions: 0, deletions: 0 });
    } else {
      const lines = lineChanges(git, old?.sha, entry.sha);
      differences.push({ filename, status: old ? 'modified' : 'added', ...lines });
    }
  }
  for (const [filename, { sha }] of removed)
    differences.push({ filename, status: 'removed', ...lineChanges(git, sha, undefined) });
  return differences.sort((one, other) => (one.filename < other.filename ? -1 : 1));
}

/** One hunk from the first to the last line that differs: longer than git's, and as correct. */
function lineChanges(git: GitObjects, before: string | undefined, after: string | undefined) {
  const old = bytesOf(git, before);
  const now = bytesOf(git, after);
  if (old.includes(0) || now.includes(0)) return { additions: 0, deletions: 0 };
  const [minus, plus] = [linesOf(old), linesOf(now)];
  let start = 0;
  while (start < minus.length && start < plus.length && minus[start] === plus[start]) start++;
  let end = 0;
  while (
    end < minus.length - start &&
    end < plus.length - start &&
    minus[minus.length - 1 - end] === plus[plus.length - 1 - end]
  )
    end++;
  const gone = minus.slice(start, minus.length - end);
  const come = plus.slice(start, plus.length - end);
  const head = `@@ -${start + (gone.length ? 1 : 0)},${gone.length} +${start + (come.length ? 1 : 0)},${come.length} @@`;
  const patch = [head, ...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)].join('\n');
  return { additions: come.length, deletions: gone.length, patch };
}

function bytesOf(git: GitObjects, sha: string | undefined): Buffer {
  return (sha === undefined ? undefined : git.blob(sha)) ?? Buffer.alloc(0);
}

function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString('utf8').split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
