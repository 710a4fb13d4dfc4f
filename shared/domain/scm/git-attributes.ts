import ignore from 'ignore';

/** How Git ends the lines of a text file in a checkout. */
export type EndOfLine = 'lf' | 'crlf';

/**
 * The line ends that a .gitattributes file demands for `path`; undefined: none, so that the checkout's own setting
 * (`core.autocrlf`) decides.
 * @param path relative to the folder of the file
 * @see git-scm.com/docs/gitattributes (patterns as in .gitignore, the last match counts)
 */
export function endOfLineOf(text: string, path: string): EndOfLine | undefined {
  const found = text
    .split(/\r?\n/)
    .map((line) => line.trim().split(/\s+/))
    .filter(([pattern = '']) => pattern !== '' && !/^[#!"[]/.test(pattern))
    .findLast(([pattern = '', ...attributes]) => attributes.some(speaksOfEnds) && matches(pattern, path));
  return found?.includes('eol=lf') ? 'lf' : found?.includes('eol=crlf') ? 'crlf' : undefined;
}

function speaksOfEnds(attribute: string): boolean {
  return /^(?:[-!]?eol|eol=\w+|-text|!text|binary)$/.test(attribute);
}

/** A pattern without a slash is one of names, in all folders; a folder's attributes are not those of its files. */
function matches(pattern: string, path: string): boolean {
  if (pattern.endsWith('/')) return false;
  const subject = pattern.includes('/') ? path : (path.split('/').at(-1) ?? path);
  return ignore({ ignorecase: false }).add({ pattern }).ignores(subject);
}
