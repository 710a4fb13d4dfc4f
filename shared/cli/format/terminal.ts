type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a terminal can redraw a line. A CI system keeps every frame of a spinner in its log. */
export function isLiveTerminal({ TERM, CI }: Environment): boolean {
  return TERM !== 'dumb' && CI === undefined;
}

/**
 * Whether the locale names a character set other than UTF-8. Without a locale, as in most containers, output is UTF-8:
 * that is what log viewers expect.
 */
export function namesOtherCharset({ LC_ALL, LC_CTYPE, LANG }: Environment): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return locale !== undefined && locale !== '' && !/utf-?8/i.test(locale);
}

const replacements: Readonly<Record<string, string>> = {
  '…': '-',
  '✓': '+',
  '✗': 'x',
  '→': '->',
};

/** Replaces the signs of the progress by ASCII characters; other text stays as it is. */
export function toAscii(text: string): string {
  return text.replace(/[…✓✗→]/g, (sign) => replacements[sign] ?? sign);
}
