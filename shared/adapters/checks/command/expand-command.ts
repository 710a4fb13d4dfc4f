/** The values of a command's placeholders in one invocation, as shell words. */
export interface Placeholders {
  readonly testsFile: string;
  readonly results: string;
}

/**
 * The script for `sh -c`. Ids never become part of its text: `{tests}` is `"$@"`, the words after the script, so the
 * shell interprets nothing in an id.
 */
export function expandCommand(command: string, { testsFile, results }: Placeholders): string {
  return command
    .replaceAll(/(?<!\$)\{tests\}/g, () => '"$@"')
    .replaceAll(/(?<!\$)\{testsFile\}/g, () => testsFile)
    .replaceAll(/(?<!\$)\{results\}/g, () => results);
}

/** Quotes a text as one shell word. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
