/** The kind of markup that a `<` begins; `wait`: not enough text yet; `stray`: not valid XML. */
export type Markup =
  | 'start-tag'
  | 'end-tag'
  | 'comment'
  | 'cdata'
  | 'instruction'
  | 'declaration'
  | 'doctype'
  | 'wait'
  | 'stray';

const doctype = '<!DOCTYPE';
const longHeads = ['<!--', '<![CDATA[', doctype];

export const headLengths = {
  cdata: '<![CDATA['.length,
  comment: '<!--'.length,
  instruction: '<?'.length,
} as const;

/** Enough to distinguish `<!DOCTYPE` from other markup that begins with `<!`. */
export const markupHeadLength = doctype.length;

/** @param head the first `markupHeadLength` characters from a `<` on, fewer if no more have arrived */
export function classifyMarkup(head: string): Markup {
  const second = head[1];
  if (second === undefined) return 'wait';
  if (second === '/') return 'end-tag';
  if (second === '?') return classifyInstruction(head);
  if (second !== '!') return 'start-tag';
  if (head.startsWith('<!--')) return 'comment';
  if (head.startsWith('<![CDATA[')) return 'cdata';
  // XML requires capitals; lower case means the same.
  const capitals = head.toUpperCase();
  if (capitals === doctype) return 'doctype';
  return longHeads.some((long) => long.startsWith(capitals)) ? 'wait' : 'stray';
}

function classifyInstruction(head: string): Markup {
  if (head.length < '<?xml '.length && '<?xml'.startsWith(head)) return 'wait';
  return /^<\?xml\s/.test(head) ? 'declaration' : 'instruction';
}
