/** What a `<` begins; `wait`: too little has come to tell; `stray`: nothing that XML has. */
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

/** Enough to tell `<!DOCTYPE` from whatever else begins with `<!`. */
export const markupHeadLength = doctype.length;

/** @param head the first `markupHeadLength` characters from a `<` on, fewer where no more have come */
export function classifyMarkup(head: string): Markup {
  const second = head[1];
  if (second === undefined) return 'wait';
  if (second === '/') return 'end-tag';
  if (second === '?') return classifyInstruction(head);
  if (second !== '!') return 'start-tag';
  if (head.startsWith('<!--')) return 'comment';
  if (head.startsWith('<![CDATA[')) return 'cdata';
  // XML has it in capitals; in small letters it is meant all the same.
  const capitals = head.toUpperCase();
  if (capitals === doctype) return 'doctype';
  return longHeads.some((long) => long.startsWith(capitals)) ? 'wait' : 'stray';
}

function classifyInstruction(head: string): Markup {
  if (head.length < '<?xml '.length && '<?xml'.startsWith(head)) return 'wait';
  return /^<\?xml\s/.test(head) ? 'declaration' : 'instruction';
}
