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

/**
 * Ids become words of a command where it has `{tests}`, hands the file to a runner as arguments (`@FILE`), or reads the
 * file itself.
 */
const words = /(?<!\$)(\{tests\}|@["']?\{testsFile\})|\bxargs\b|\$\(|`/;

/**
 * Why an id cannot be passed to a command; undefined: it can. A `--` in the command would not help: npm and its like keep
 * it for themselves, and pass the words behind it on as options.
 */
export function whyNoWord(id: string, command: string): string | undefined {
  return id.startsWith('-') && words.test(command)
    ? 'its id begins with -, and the runner would take it for an option: let it read {testsFile} itself'
    : undefined;
}

/** Quotes a text as one shell word. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
