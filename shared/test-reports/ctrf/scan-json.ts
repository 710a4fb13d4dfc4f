export interface JsonShape {
  /** How deep arrays and objects nest. */
  readonly depth: number;
  /** The number of arrays and objects. */
  readonly containers: number;
  /** True: a string, an array or an object has no end, so the text was cut off. */
  readonly open: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** Scans a JSON text without building values, since `JSON.parse` takes gigabytes for a malicious text. */
export function scanJson(text: string): JsonShape {
  let depth = 0;
  let deepest = 0;
  let containers = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = stringEnd(text, at + 1);
      if (at === -1) return { depth: deepest, containers, open: true };
    } else if (opening.has(code)) {
      depth += 1;
      containers += 1;
      deepest = Math.max(deepest, depth);
    } else if (closing.has(code)) depth -= 1;
  }
  return { depth: deepest, containers, open: depth > 0 };
}

/** The position of the quote that closes a string, or -1. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text.charCodeAt(escapes - 1) === backslash && escapes > start) escapes -= 1;
    if ((at - escapes) % 2 === 0) return at;
  }
  return -1;
}
