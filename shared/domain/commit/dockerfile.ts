/** The Dockerfile that is likely built: the one at the root, else the only one. */
export function dockerfileOf(paths: readonly string[]): string | undefined {
  if (paths.includes('Dockerfile')) return 'Dockerfile';
  const nested = paths.filter((path) => path.endsWith('/Dockerfile'));
  return nested.length === 1 ? nested[0] : undefined;
}

/** The words of the last ENTRYPOINT, then of the last CMD, in either of their forms. */
export function commandOf(dockerfile: string): readonly string[] {
  const lines = dockerfile.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return ['ENTRYPOINT', 'CMD'].flatMap((instruction) => {
    const last = lines.findLast((line) => line.trim().toUpperCase().startsWith(`${instruction} `));
    return last?.match(/[\w./-]+/g)?.slice(1) ?? [];
  });
}
