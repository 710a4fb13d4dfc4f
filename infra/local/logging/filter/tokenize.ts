import { invalidArgument, type RpcError } from '../../rpc-error.ts';

export interface Token {
  /** `symbol`: an operator, a parenthesis or a comma. */
  readonly kind: 'word' | 'string' | 'symbol' | 'end';
  /** Of a string: what it stands for, without quotes and escapes. */
  readonly text: string;
  /** Where it begins and ends in the filter. */
  readonly start: number;
  readonly end: number;
}

const patterns = {
  space: /(?:\s+|--[^\n]*)+/y,
  string: /"(?:[^"\\]|\\.)*"/y,
  symbol: /!=|>=|<=|=~|!~|[=<>:(),]/y,
  word: /[\w*\-./%+]+/y,
};

/** @throws {RpcError} INVALID_ARGUMENT: a character that begins no token */
export function tokenize(filter: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const text = pattern.exec(filter)?.[0];
    at += text?.length ?? 0;
    return text;
  };
  for (;;) {
    take(patterns.space);
    const start = at;
    if (start === filter.length) return [...tokens, { kind: 'end', text: 'the end', start, end: start }];
    const quoted = take(patterns.string);
    const symbol = quoted ?? take(patterns.symbol);
    const text = symbol ?? take(patterns.word);
    if (text === undefined) throw unparseable(filter, start, `unexpected ${filter.charAt(start)}`);
    if (quoted !== undefined)
      tokens.push({ kind: 'string', text: unquote(filter, quoted, start), start, end: at });
    else tokens.push({ kind: symbol === undefined ? 'word' : 'symbol', text, start, end: at });
  }
}

export function unparseable(filter: string, at: number, what: string): RpcError {
  const lines = filter.slice(0, at).split('\n');
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return invalidArgument(`Unparseable filter: ${what}; at line ${lines.length}, column ${column}`);
}

/** Strings escape as in JSON, but may hold line breaks as they are. */
function unquote(filter: string, quoted: string, start: number): string {
  try {
    return String(JSON.parse(quoted.replaceAll('\n', '\\n').replaceAll('\t', '\\t')));
  } catch {
    throw unparseable(filter, start, 'a string with an unknown escape');
  }
}
