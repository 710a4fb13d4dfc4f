/**
 * One argument of a POSIX shell. Before and after what GitHub would take for a mention or a reference the quotes are closed
 * and opened again, which no shell notices.
 */
export function quoteForShell(argument: string): string {
  if (/^[\w./:=,+-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''").replace(/[@#]/g, "$&''")}'`;
}
