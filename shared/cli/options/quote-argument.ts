/** One word of a command line for `sh`, quoted only where it must be. */
export function quoteArgument(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
