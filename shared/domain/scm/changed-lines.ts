/** The numbers of the lines that a unified diff adds, in the new file. */
export function addedLines(patch: string): ReadonlySet<number> {
  const added = new Set<number>();
  let next = 0;
  for (const line of patch.split('\n')) {
    const begin = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(line)?.[1];
    if (begin !== undefined) next = Number(begin);
    else if (line.startsWith('+')) added.add(next++);
    else if (line.startsWith(' ')) next++;
  }
  return added;
}

/** The lines that a unified diff takes away and adds, without their signs. */
export function changedTexts(patch: string): {
  readonly removed: readonly string[];
  readonly added: readonly string[];
} {
  const lines = patch.split('\n');
  const of = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
  return { removed: of('-'), added: of('+') };
}
