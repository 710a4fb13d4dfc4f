import { lexer, type Token, walkTokens } from 'marked';

/** What GitHub would do with a text, beyond showing it. */
export interface Effects {
  readonly links: readonly string[];
  readonly images: readonly string[];
  readonly html: readonly string[];
  readonly headings: readonly string[];
  readonly fences: number;
}

/** Of Markdown, as GitHub reads it. */
export function effectsOf(markdown: string): Effects {
  const tokens: Token[] = [];
  walkTokens(lexer(markdown, { gfm: true }), (token) => {
    tokens.push(token);
  });
  const named = (type: string, field: 'href' | 'raw' | 'text') =>
    tokens.flatMap((token) => (token.type === type ? String(Reflect.get(token, field)) : []));
  return {
    links: named('link', 'href'),
    images: named('image', 'href'),
    html: named('html', 'raw').map((raw) => raw.trim()),
    headings: named('heading', 'text'),
    fences: named('code', 'raw').length,
  };
}

/**
 * What GitHub, mail programs and runners find in the text itself, code or not: mentions, references that a closing keyword
 * closes, commands of workflows; and what nobody sees.
 */
export function actingIn(text: string): readonly string[] {
  const patterns = [
    /@[a-z0-9]/gi,
    /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w./-]*#\d+|GH-\d+|https?:\/\/\S+\/(?:issues|pull)\/\d+)/gi,
    /^\s*::[a-z]/gim,
    /^\s*##\[/gm,
    /hunter2hunter2|ghp_16C7e42F292c6912E7710c838347Ae178B4a/g,
    // All that is not printed, apart from line feeds and our separators.
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}](?<![\n\u200b])/gu,
  ];
  return patterns.flatMap((pattern) => text.match(pattern) ?? []);
}
