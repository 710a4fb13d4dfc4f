import { pictureOf } from '../printable.ts';

/** A longer reference is invalid; up to this much text may have to wait for its end. */
export const maxReferenceLength = 32;

const reference = /&(?:#(\d{1,10});|#x([0-9a-f]{1,8});|([a-z_][\w.-]{0,29});)?/gi;
const predefined: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

export const referenceFaults = {
  'bad-reference': 'an "&" without a valid reference: text must use &amp; instead',
  'illegal-reference': 'a reference to a character that XML does not allow',
} as const;
export type ReferenceFault = keyof typeof referenceFaults;

/**
 * Replaces character references and the five entities of XML. Without a DOCTYPE there are no others: these are reported
 * and stay as written, like a lone `&`. A character that XML does not allow is reported and replaced by a printable
 * one.
 */
export function decodeReferences(raw: string, fault: (kind: ReferenceFault, offset: number) => void): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(reference, (whole, decimal?: string, hex?: string, name?: string, offset = 0) => {
    const digits = decimal ?? hex;
    if (digits !== undefined) {
      const code = Number.parseInt(digits, decimal === undefined ? 16 : 10);
      if (isXmlCharacter(code)) return String.fromCodePoint(code);
      fault('illegal-reference', offset);
      return code < 0x20 ? pictureOf(String.fromCharCode(code)) : '\uFFFD';
    }
    const known = name === undefined ? undefined : predefined.get(name);
    if (known === undefined) fault('bad-reference', offset);
    return known ?? whole;
  });
}

/** The production `Char` of XML 1.0. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code < 0xd800 || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
