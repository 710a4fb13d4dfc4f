/** What a command's placeholders stand for in one invocation, as words of the shell. */
export interface Placeholders {
  readonly testsFile: string;
  readonly results: string;
}

/**
 * The script for `sh -c`. Ids never become part of its text: `{tests}` is `"$@"`, the words behind it, so that nothing
 * in an id is read by the shell.
 */
export function expandCommand(command: string, { testsFile, results }: Placeholders): string {
  return command
    .replaceAll(/(?<!\$)\{tests\}/g, () => '"$@"')
    .replaceAll(/(?<!\$)\{testsFile\}/g, () => testsFile)
    .replaceAll(/(?<!\$)\{results\}/g, () => results);
}

/** A text as one word that the shell does not read. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
