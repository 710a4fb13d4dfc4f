/**
 * A text as bytes of UTF-8, one character (U+0000 to U+00FF) for each, and the part of the original text that each byte
 * comes from. What is found in a layer is so found in the original, however that was encoded.
 */
export interface Layer {
  readonly bytes: string;
  /** Where in the original the source of each byte starts and ends, in UTF-16 units. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Where an excerpt was cut: an ellipsis in UTF-8. */
export const cutMark = '\u00e2\u0080\u00a6';
/** JSON in JSON in a URL; deeper nesting is none that a program makes. */
const maxDecodings = 4;

/** The text as it stands. @param isCut true: it may start or end in the middle of anything */
export function layerOf(text: string, isCut: boolean): Layer {
  const writer = new LayerWriter(3 * text.length + 2 * cutMark.length);
  if (isCut) writer.write(cutMark, 0, 0);
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const end = at + (code > 0xffff ? 2 : 1);
    writer.writeCodePoint(code, at, end);
    at = end;
  }
  if (isCut) writer.write(cutMark, text.length, text.length);
  return writer.layer();
}

/** The layer, and what is left of it after each decoding. @param view how each of them is looked at */
export function decodingsOf(first: Layer, view: (layer: Layer) => Layer): readonly Layer[] {
  const layers = [view(first)];
  for (let last = layers[0]; last !== undefined && layers.length <= maxDecodings; ) {
    const decoded = decodeOnce(last);
    last = decoded && view(decoded);
    if (last) layers.push(last);
  }
  return layers;
}

/** URLs and forms, JSON, JavaScript and Python, XML and HTML. */
const escapes =
  /%([0-9a-f]{2})|\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\([\s\S])|&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi;
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Undefined: nothing in it is encoded. */
function decodeOnce(layer: Layer): Layer | undefined {
  const { bytes, starts, ends } = layer;
  let writer: LayerWriter | undefined;
  let done = 0;
  for (const match of bytes.matchAll(escapes)) {
    writer ??= new LayerWriter(bytes.length);
    writer.copy(layer, done, match.index);
    done = match.index + match[0].length;
    const start = starts[match.index] ?? 0;
    const end = ends[done - 1] ?? start;
    const [, percent, high, low, unit, hex, escaped, entity, decimal, hexadecimal] = match;
    const byte = percent ?? hex;
    if (byte !== undefined) writer.write(String.fromCharCode(Number.parseInt(byte, 16)), start, end);
    else if (escaped !== undefined) writer.write(controls[escaped] ?? escaped, start, end);
    else if (entity !== undefined) writer.write(entities[entity.toLowerCase()] ?? '', start, end);
    else if (high !== undefined && low !== undefined)
      writer.writeCodePoint(
        0x10000 + ((Number.parseInt(high, 16) & 0x3ff) << 10) + (Number.parseInt(low, 16) & 0x3ff),
        start,
        end,
      );
    else
      writer.writeCodePoint(
        decimal === undefined ? Number.parseInt(unit ?? hexadecimal ?? '0', 16) : Number(decimal),
        start,
        end,
      );
  }
  writer?.copy(layer, done, bytes.length);
  return writer?.layer();
}

/**
 * What does not distinguish two ways to write one value is made the same: both alphabets of base64, and a space in a
 * URL and in a form.
 *
 * @param folded true: white space, control and formatting characters are left out, and with them `+` and `-`
 */
export function alikeLayer(layer: Layer, folded: boolean): Layer {
  const { bytes, starts, ends } = layer;
  const writer = new LayerWriter(bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const length = folded ? unseenLength(bytes, at) : 0;
    if (length > 0) at += length - 1;
    else writer.write(alike[bytes.charAt(at)] ?? bytes.charAt(at), starts[at] ?? 0, ends[at] ?? 0);
  }
  return writer.layer();
}

const alike: Readonly<Record<string, string>> = { ' ': '+', '-': '+', _: '/' };

/** How many bytes from here a reader does not see, or a line break may have put there. */
function unseenLength(bytes: string, at: number): number {
  const code = bytes.charCodeAt(at);
  if (code < 0x80) return code <= 0x20 || code === 0x7f || code === 0x2b || code === 0x2d ? 1 : 0;
  if (code !== 0xc2 && code !== 0xe2 && code !== 0xef) return 0;
  unseen.lastIndex = at;
  return unseen.exec(bytes)?.[0].length ?? 0;
}

/** U+0080 to U+00A0, U+00AD, U+2000 to U+200F, U+2028 to U+202F, U+205F to U+206F, U+FEFF. */
const unseen =
  /\u00c2[\u0080-\u00a0\u00ad]|\u00e2\u0080[\u0080-\u008f\u00a8-\u00af]|\u00e2\u0081[\u009f-\u00af]|\u00ef\u00bb\u00bf/y;

class LayerWriter {
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#starts = new Uint32Array(capacity);
    this.#ends = new Uint32Array(capacity);
  }

  /** @param bytes one character each */
  write(bytes: string, start: number, end: number): void {
    for (let at = 0; at < bytes.length; at++) this.#put(bytes.charCodeAt(at), start, end);
  }

  /** Any number: what is no character becomes some bytes that no value has. */
  writeCodePoint(code: number, start: number, end: number): void {
    if (code < 0x80) this.#put(code, start, end);
    else if (code < 0x800) {
      this.#put(0xc0 | (code >> 6), start, end);
      this.#put(0x80 | (code & 0x3f), start, end);
    } else {
      if (code > 0xffff) {
        this.#put(0xf0 | ((code >> 18) & 7), start, end);
        this.#put(0x80 | ((code >> 12) & 0x3f), start, end);
      } else this.#put(0xe0 | (code >> 12), start, end);
      this.#put(0x80 | ((code >> 6) & 0x3f), start, end);
      this.#put(0x80 | (code & 0x3f), start, end);
    }
  }

  copy({ bytes, starts, ends }: Layer, from: number, to: number): void {
    for (let at = from; at < to; at++) this.#put(bytes.charCodeAt(at), starts[at] ?? 0, ends[at] ?? 0);
  }

  layer(): Layer {
    const { buffer } = this.#bytes;
    return {
      bytes: Buffer.from(buffer, 0, this.#length).toString('latin1'),
      starts: this.#starts.subarray(0, this.#length),
      ends: this.#ends.subarray(0, this.#length),
    };
  }

  #put(byte: number, start: number, end: number): void {
    this.#bytes[this.#length] = byte;
    this.#starts[this.#length] = start;
    this.#ends[this.#length] = end;
    this.#length++;
  }
}
