const thousands = /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const decimal = /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Thirty thousand years; what is longer would make the sum useless. */
const maxSeconds = 1e12;

/**
 * Reads the time of a test case, written by whatever locale: `1.5`, `0,25`, `1,234.5`.
 *
 * @returns seconds, or undefined for what is no time: negative, not a number, endless, empty
 */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  const plain = thousands.test(trimmed) ? trimmed.replaceAll(',', '') : trimmed.replace(',', '.');
  // Negative zero is what a rounded clock may print.
  if (/^-0+(\.0*)?$/.test(plain)) return 0;
  const seconds = decimal.test(plain) ? Number(plain) : Number.NaN;
  return seconds <= maxSeconds ? seconds : undefined;
}
