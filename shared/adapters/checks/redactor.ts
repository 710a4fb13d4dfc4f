import { maxDetailLength } from '../../domain/checks/check-result.ts';
import { PermanentError } from '../../domain/errors.ts';
import { findSecrets } from '../../domain/redaction/hide-secrets.ts';
import { alikeLayer, cutMark, decodingsOf, type Layer, layerOf } from '../../domain/redaction/layer.ts';
import { replaceSpans, type Span } from '../../domain/redaction/spans.ts';

/** A shorter value occurs in any text by chance. */
const leastLength = 4;
/** A shorter value occurs by chance once white space is left out. */
const leastFoldedLength = 8;

/** `folded`: looked for in texts without white space. */
type Kind = 'folded' | 'short';

/** One way to write a value. */
interface Form {
  readonly bytes: string;
  readonly shown: string;
  /** Characters of base64 before and after it that contain bits of the value. */
  readonly before: number;
  readonly after: number;
}

/** Removes secret values from texts, and what looks like a secret. Never throws; linear in the length of the text. */
export class Redactor {
  readonly #folded: readonly Form[];
  readonly #short: readonly Form[];

  /** @throws {PermanentError} a value is too short to be distinguished from other text */
  constructor(values: ReadonlyMap<string, string>) {
    const written = [...values].flatMap(([name, value]) => {
      if (value.trim().length < leastLength)
        throw new PermanentError(
          `secret ${name} has fewer than ${leastLength} characters, and cannot be redacted`,
        );
      return waysToWrite(value).map((way) => ({ ...way, shown: `[${name}]` }));
    });
    this.#folded = formsIn('folded', written);
    this.#short = formsIn('short', written);
  }

  redact(text: string): string {
    const plain = layerOf(text, text.length >= maxDetailLength);
    const spans = [
      // Of two names of one span the first is shown, and a secret's own says more.
      ...find('folded', this.#folded, plain),
      ...find('short', this.#short, plain),
      ...findSecrets(plain),
    ];
    return replaceSpans(text, spans);
  }
}

/** A value verbatim, line by line, and in the base64 of any text around it. Other encodings are undone in the text. */
function waysToWrite(value: string): readonly Omit<Form, 'shown'>[] {
  const whole = value.trim().toWellFormed();
  const verbatim = [value, whole, ...value.split(/\r?\n/).map((line) => line.trim())].flatMap(asDecoded);
  const form = String(new URLSearchParams([['', whole]])).slice(1);
  const json = JSON.stringify(whole).slice(1, -1);
  const encoded = new Set([whole, json, encodeURIComponent(whole), form]);
  return [...new Set(verbatim)]
    .map((bytes): Omit<Form, 'shown'> => ({ bytes, before: 0, after: 0 }))
    .concat([...encoded].flatMap(alignments));
}

/** Parts of the value itself may look encoded: in a decoded text they are decoded, too. */
function asDecoded(text: string): readonly string[] {
  return decodingsOf(layerOf(text, false), (layer) => layer).map(({ bytes }) => bytes);
}

/** The base64 of a text after none, one and two other bytes, as far as it depends on the text alone. */
function alignments(text: string): readonly Omit<Form, 'shown'>[] {
  return [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    return {
      bytes: bytes.toString('base64').slice(Math.ceil((8 * offset) / 6), Math.floor((8 * bytes.length) / 6)),
      before: Math.sign(offset),
      after: Math.sign(bytes.length % 3),
    };
  });
}

/** The forms as they are in layers, longest first. */
function formsIn(kind: Kind, all: readonly Form[]): readonly Form[] {
  return all
    .filter(({ bytes }) => kindOf(bytes) === kind)
    .map((form) => ({ ...form, bytes: alike(form.bytes, kind === 'folded') }))
    .sort((a, b) => b.bytes.length - a.bytes.length);
}

function kindOf(bytes: string): Kind | undefined {
  if (alike(bytes, true).length >= leastFoldedLength) return 'folded';
  return bytes.length >= leastLength ? 'short' : undefined;
}

function alike(bytes: string, folded: boolean): string {
  const positions = new Uint32Array(bytes.length);
  return alikeLayer({ bytes, starts: positions, ends: positions }, folded).bytes;
}

function find(kind: Kind, forms: readonly Form[], plain: Layer): readonly Span[] {
  if (forms.length === 0) return [];
  const layers = decodingsOf(plain, (layer) => alikeLayer(layer, kind === 'folded'));
  return layers.flatMap((layer) => [...findWhole(forms, layer), ...findCut(forms, layer)]);
}

function findWhole(forms: readonly Form[], layer: Layer): readonly Span[] {
  return forms.flatMap((form) => {
    const spans: Span[] = [];
    const { bytes, before, after } = form;
    for (let at = layer.bytes.indexOf(bytes); at >= 0; at = layer.bytes.indexOf(bytes, at + bytes.length)) {
      const end = at + bytes.length;
      const from = isBase64(layer.bytes.charAt(at - before)) ? at - before : at;
      spans.push(spanOf(layer, from, isBase64(layer.bytes.charAt(end)) ? end + after : end, form));
    }
    return spans;
  });
}

/** Where a text was cut, the beginning or the end of a value may be left. */
function findCut(forms: readonly Form[], layer: Layer): readonly Span[] {
  const { bytes } = layer;
  const spans: Span[] = [];
  let last = -1;
  for (let cut = bytes.indexOf(cutMark); cut >= 0; cut = bytes.indexOf(cutMark, cut + cutMark.length)) {
    const next = cut + cutMark.length;
    const following = bytes.indexOf(cutMark, next);
    const head = bytes.slice(last < 0 ? 0 : last, cut);
    const tail = bytes.slice(next, following < 0 ? bytes.length : following);
    for (const form of Math.max(head.length, tail.length) < leastLength ? [] : forms) {
      const begun = longest(form, head.length, (length) => head.endsWith(form.bytes.slice(0, length)));
      if (begun > 0) spans.push({ ...spanOf(layer, cut - begun, cut, form), end: layer.starts[cut] ?? 0 });
      const ended = longest(form, tail.length, (length) => tail.startsWith(form.bytes.slice(-length)));
      if (ended > 0)
        spans.push({ ...spanOf(layer, next, next + ended, form), start: layer.ends[next - 1] ?? 0 });
    }
    last = next;
  }
  return spans;
}

function longest({ bytes }: Form, most: number, isThere: (length: number) => boolean): number {
  for (let length = Math.min(bytes.length - 1, most); length >= leastLength; length--)
    if (isThere(length)) return length;
  return 0;
}

function spanOf({ starts, ends }: Layer, from: number, to: number, { shown }: Form): Span {
  return { start: starts[from] ?? 0, end: ends[to - 1] ?? 0, shown };
}

function isBase64(character: string): boolean {
  return /^[A-Za-z0-9+/]$/.test(character);
}
