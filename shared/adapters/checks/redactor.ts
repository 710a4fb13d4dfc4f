import { RE2JS } from 're2js';
import { maxDetailLength } from '../../domain/checks/check-result.ts';
import { PermanentError } from '../../domain/errors.ts';

/** Where an excerpt ends. */
const cut = '…';
/** A shorter value occurs in any text by chance. */
const leastLength = 4;
/**
 * A JWT, a JWE, or the rest of one after a cut; not only our own: a response may contain a token that was sent to it.
 */
const anyToken = String.raw`eyJ[\w-]{8,}(?:\.[\w-]*)+`;

/** Removes secret values and tokens from texts. */
export class Redactor {
  /** The replacement of each form, longest form first, since one may contain another. */
  readonly #hidden: ReadonlyMap<string, string>;
  /** All forms in one pattern: a second pass could take part of a replacement for a value. */
  readonly #pattern: RegExp;

  /** @throws {PermanentError} a value is too short to be distinguished from other text */
  constructor(values: ReadonlyMap<string, string>) {
    const forms = [...values].flatMap(([name, value]) => {
      if (value.trim().length < leastLength)
        throw new PermanentError(
          `secret ${name} has fewer than ${leastLength} characters, and cannot be redacted`,
        );
      return formsOf(value).map((form) => [form, `[${name}]`] as const);
    });
    this.#hidden = new Map(forms.sort(([a], [b]) => b.length - a.length));
    this.#pattern = new RegExp([...[...this.#hidden.keys()].map(RE2JS.quote), anyToken].join('|'), 'g');
  }

  redact(text: string): string {
    const redacted = text.replaceAll(this.#pattern, (found) => this.#hidden.get(found) ?? '[TOKEN]');
    const pieces = redacted.split(cut);
    const last = pieces.length - 1;
    const isCut = text.length >= maxDetailLength;
    return pieces.map((piece, n) => (n < last || isCut ? this.#redactEnd(piece) : piece)).join(cut);
  }

  /** A cut may have left the beginning of a value. */
  #redactEnd(piece: string): string {
    for (const [form, shown] of this.#hidden)
      for (let length = Math.min(form.length - 1, piece.length); length >= leastLength; length--)
        if (piece.endsWith(form.slice(0, length))) return piece.slice(0, -length) + shown;
    return piece;
  }
}

/** The forms in which a value may appear: verbatim, line by line, and encoded for URLs, JSON and headers. */
function formsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const all = [value, value.trim(), ...lines].flatMap((form) => [
    form,
    encodeURIComponent(form),
    JSON.stringify(form).slice(1, -1),
    Buffer.from(form).toString('base64'),
    Buffer.from(form).toString('base64url'),
  ]);
  return [...new Set(all)].filter((form) => form.length >= leastLength);
}
