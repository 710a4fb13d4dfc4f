import { RE2JS } from 're2js';
import { maxDetailLength } from '../../domain/checks/check-result.ts';
import { PermanentError } from '../../domain/errors.ts';

/** Where an excerpt ends. */
const cut = '…';
/** A shorter value stands in every text by chance. */
const leastLength = 4;
/** A JWT, a JWE, or what a cut has left of one; also one that is not ours: an answer may hold what was sent to it. */
const anyToken = String.raw`eyJ[\w-]{8,}(?:\.[\w-]*)+`;

/** Takes values that nobody may see, and tokens, out of texts. */
export class Redactor {
  /** What is shown in place of each form, longest first, since one may hold another. */
  readonly #hidden: ReadonlyMap<string, string>;
  /** All that is hidden: in one pass, so that nothing is taken for a part of something else. */
  readonly #pattern: RegExp;

  /** @throws {PermanentError} a value is too short to be told from other text */
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

  /** What was cut off may have left the beginning of a value. */
  #redactEnd(piece: string): string {
    for (const [form, shown] of this.#hidden)
      for (let length = Math.min(form.length - 1, piece.length); length >= leastLength; length--)
        if (piece.endsWith(form.slice(0, length))) return piece.slice(0, -length) + shown;
    return piece;
  }
}

/** How a value may show: as it is, line by line, and as URLs, JSON and headers carry it. */
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
