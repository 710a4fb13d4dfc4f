import { detectEncoding, encodingHeadBytes } from './detect-encoding.ts';

export interface DecodedText {
  readonly text: string;
  /** Set when invalid bytes were replaced by U+FFFD, or the declared encoding is not supported. */
  readonly fault?: string;
}

/** A larger chunk would be held in memory several times over. */
const sliceBytes = 16 * 1024;

/** Decodes the bytes of a report to text, piece by piece; invalid bytes become U+FFFD and are reported. */
export class ReportDecoder {
  #head: Uint8Array = noBytes;
  #decode: PieceDecoder | undefined;

  *push(bytes: Uint8Array): Generator<DecodedText> {
    if (this.#decode) {
      yield* decodeSlices(bytes, this.#decode);
      return;
    }
    this.#head = joinBytes(this.#head, bytes);
    if (this.#head.length >= encodingHeadBytes) yield* this.#begin();
  }

  /** The rest, when no more bytes come. */
  *end(): Generator<DecodedText> {
    if (!this.#decode) yield* this.#begin();
    if (this.#decode) yield this.#decode(noBytes, true);
  }

  *#begin(): Generator<DecodedText> {
    const { label, doubt } = detectEncoding(this.#head.subarray(0, encodingHeadBytes));
    this.#decode = pieceDecoder(label);
    if (doubt !== undefined) yield { text: '', fault: doubtText(doubt) };
    yield* decodeSlices(this.#head, this.#decode);
    this.#head = noBytes;
  }
}

const noBytes = new Uint8Array(0);

type PieceDecoder = (bytes: Uint8Array, last: boolean) => DecodedText;

function* decodeSlices(bytes: Uint8Array, decode: PieceDecoder): Generator<DecodedText> {
  for (let at = 0; at < bytes.length; at += sliceBytes)
    yield decode(bytes.subarray(at, at + sliceBytes), false);
}

function pieceDecoder(label: string): PieceDecoder {
  return label === 'utf-8' ? utf8Decoder() : streamDecoder(label);
}

/** Decodes whole characters only, so that an invalid byte is distinguished from a U+FFFD in the report itself. */
function utf8Decoder(): PieceDecoder {
  let carried: Uint8Array = noBytes;
  let first = true;
  return (bytes, last) => {
    const all = carried.length === 0 ? bytes : joinBytes(carried, bytes);
    const end = last ? all.length : wholeCharacters(all);
    const whole = all.subarray(0, end);
    carried = end === all.length ? noBytes : all.slice(end);
    const { text, fault } = decodeWhole(whole);
    const unmarked = first && text.startsWith('\uFEFF') ? text.slice(1) : text;
    first &&= text === '';
    return fault === undefined ? { text: unmarked } : { text: unmarked, fault };
  };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

function decodeWhole(bytes: Uint8Array): DecodedText {
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { text: lenient.decode(bytes), fault: 'bytes that are not UTF-8' };
  }
}

/** The start of an incomplete last character, else the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function streamDecoder(label: string): PieceDecoder {
  const decoder = new TextDecoder(label);
  return (bytes, last) => {
    const text = decoder.decode(bytes, { stream: !last });
    return text.includes('\uFFFD') ? { text, fault: `bytes that are not ${label}` } : { text };
  };
}

function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function doubtText(declared: string): string {
  return `the declared encoding ${declared} is wrong; read as UTF-8`;
}
