/** With commas, or with non-breaking spaces of any kind: `1,234.5`, `1 234,5`. */
const commaThousands = /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const spaceThousands = /^[1-9]\d{0,2}([ \u00a0\u2009\u202f]\d{3})+([.,]\d+)?$/;
const decimal = /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Thirty thousand years; a longer time would make the sum useless. */
const maxSeconds = 1e12;

/**
 * Parses the duration of a test case, written in any locale: `1.5`, `0,25`, `1,234.5`, `1 234,5`.
 *
 * @returns seconds, or undefined for an invalid time: negative, not a number, infinite, empty
 */
export function parseTime(text: string): number | undefined {
  const plain = withoutMarks(text.trim());
  // A rounded clock may print negative zero.
  if (/^-0+(\.0*)?$/.test(plain)) return 0;
  const seconds = decimal.test(plain) ? Number(plain) : Number.NaN;
  return seconds <= maxSeconds ? seconds : undefined;
}

/** As JavaScript writes it: without thousands separators, and with a decimal point. */
function withoutMarks(text: string): string {
  if (commaThousands.test(text)) return text.replaceAll(',', '');
  const digits = spaceThousands.test(text) ? text.replace(/\s/g, '') : text;
  return digits.replace(',', '.');
}
