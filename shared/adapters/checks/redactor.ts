import { PermanentError } from '../../domain/errors.ts';

/** A shorter value stands in every text by chance. */
const leastLength = 4;

/** Takes values that nobody may see out of texts. */
export class Redactor {
  /** Longest first, since one may hold another. */
  readonly #hidden: readonly (readonly [form: string, shown: string])[];

  /** @throws {PermanentError} a value is too short to be told from other text */
  constructor(values: ReadonlyMap<string, string>) {
    const forms = [...values].flatMap(([name, value]) => {
      if (value.trim().length < leastLength)
        throw new PermanentError(
          `secret ${name} has fewer than ${leastLength} characters: it could not be hidden`,
        );
      return formsOf(value).map((form) => [form, `[${name}]`] as const);
    });
    this.#hidden = forms.sort(([a], [b]) => b.length - a.length);
  }

  redact(text: string): string {
    const whole = this.#hidden.reduce((redacted, [form, shown]) => redacted.replaceAll(form, shown), text);
    return this.#hidden.reduce((redacted, [form, shown]) => hideBeginning(redacted, form, shown), whole);
  }
}

/** A text may have been cut in the middle of a value: its beginning then stands before the mark of the cut, or at the end. */
function hideBeginning(text: string, form: string, shown: string): string {
  for (let length = form.length - 1; length >= leastLength; length--) {
    const beginning = form.slice(0, length);
    const marked = text.replaceAll(`${beginning}…`, `${shown}…`);
    const hidden = marked.endsWith(beginning) ? marked.slice(0, -length) + shown : marked;
    if (hidden !== text) return hidden;
  }
  return text;
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
