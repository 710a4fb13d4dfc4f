const byteOrderMarks: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  // Without a byte order mark: "<" or "{" is the first character of any report.
  [[0x3c, 0x00], 'utf-16le'],
  [[0x7b, 0x00], 'utf-16le'],
  [[0x00, 0x3c], 'utf-16be'],
  [[0x00, 0x7b], 'utf-16be'],
];
const declaration = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.:-]*)["']/;

/** The number of bytes to inspect; a longer XML declaration is ignored. */
export const encodingHeadBytes = 1024;

export interface DetectedEncoding {
  /** A label that TextDecoder supports. */
  readonly label: string;
  /** An encoding that the report declares but cannot have. */
  readonly doubt?: string;
}

/** By byte order mark, else by the XML declaration, else UTF-8. @param head the first bytes of the report */
export function detectEncoding(head: Uint8Array): DetectedEncoding {
  const marked = byteOrderMarks.find(([mark]) => mark.every((byte, i) => head[i] === byte));
  if (marked) return { label: marked[1] };
  const declared = declaration.exec(new TextDecoder('latin1').decode(head))?.[1];
  if (declared === undefined) return { label: 'utf-8' };
  const label = decoderLabel(declared);
  // A declaration that reads as ASCII is not in UTF-16, whatever it says.
  if (label === undefined || label.startsWith('utf-16')) return { label: 'utf-8', doubt: declared };
  return { label };
}

function decoderLabel(name: string): string | undefined {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return undefined;
  }
}
