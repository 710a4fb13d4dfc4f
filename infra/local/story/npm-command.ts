import { isAbsolute, relative } from 'node:path';

/** A command of this project as a person pastes it in `caller`; npm finds the project from folders below it. */
export function npmCommand(args: string, root: string, caller: string): string {
  const below = relative(root, caller);
  const isInside = !below.startsWith('..') && !isAbsolute(below);
  const prefix = isInside ? '' : `--prefix ${quoteWord(relative(caller, root))} `;
  return `npm ${prefix}run -s deploy-loop -- ${args}`;
}

/** As one word of a shell. */
export function quoteWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
