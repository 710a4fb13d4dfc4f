import { invalidArgument } from '../../rpc-error.ts';
import type { LogRecord } from '../log-record.ts';
import { parseLogName } from '../log-record.ts';
import { type Comparator, comparators, compileComparison } from './compile-comparison.ts';
import { type Token, tokenize, unparseable } from './tokenize.ts';

/** Whether an entry is meant. */
export type Filter = (record: LogRecord) => boolean;

const maxLength = 20_000;

/**
 * The part of Cloud Logging's query language that is known here: comparisons of fields (`=`, `!=`, `:`, `<`, `<=`,
 * `>`, `>=`), `log_id("…")`, AND, OR, NOT, parentheses, also around values, and comments. As there, OR binds closer
 * than AND, and two terms without a word between them are joined by AND.
 * @throws {RpcError} INVALID_ARGUMENT: malformed, or outside that part
 */
export function parseFilter(filter: string): Filter {
  if (filter.length > maxLength) throw invalidArgument(`filter: longer than ${maxLength} characters`);
  return new FilterParser(filter).parse();
}

/** Recursive descent: one method for each rule, lowest precedence first. */
class FilterParser {
  readonly #filter: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(filter: string) {
    this.#filter = filter;
    this.#tokens = tokenize(filter);
  }

  parse(): Filter {
    if (this.#accept('end')) return () => true;
    const filter = this.#conjunction(() => this.#term());
    if (!this.#accept('end')) throw this.#unexpected();
    return filter;
  }

  get #token(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new TypeError('read past the end of the filter');
    return token;
  }

  #conjunction(leaf: () => Filter): Filter {
    const all = [this.#disjunction(leaf)];
    for (;;) {
      if (this.#accept('word', 'AND') || !this.#atEnd()) all.push(this.#disjunction(leaf));
      else return (record) => all.every((one) => one(record));
    }
  }

  #disjunction(leaf: () => Filter): Filter {
    const any = [this.#negation(leaf)];
    while (this.#accept('word', 'OR')) any.push(this.#negation(leaf));
    return (record) => any.some((one) => one(record));
  }

  #negation(leaf: () => Filter): Filter {
    if (!this.#accept('word', 'NOT')) return this.#primary(leaf);
    const negated = this.#negation(leaf);
    return (record) => !negated(record);
  }

  #primary(leaf: () => Filter): Filter {
    if (!this.#accept('symbol', '(')) return leaf();
    const inner = this.#conjunction(leaf);
    this.#expect(')');
    return inner;
  }

  #term(): Filter {
    const { start } = this.#token;
    const path = this.#path();
    if (this.#accept('symbol', '(')) return this.#call(path.join('.'), start);
    const operator = this.#take();
    const comparator = comparators.find((one) => one === operator.text);
    if (operator.kind === 'symbol' && comparator !== undefined) return this.#comparison(path, comparator);
    const shown = this.#filter.slice(start, operator.end);
    if (operator.text === '=~' || operator.text === '!~')
      throw unparseable(this.#filter, start, `regular expressions are not known here: ${shown}`);
    throw unparseable(this.#filter, start, `a search of all fields is not known here: ${shown}`);
  }

  #comparison(path: readonly string[], comparator: Comparator): Filter {
    return this.#primary(() => {
      const value = this.#take();
      if (value.kind !== 'word' && value.kind !== 'string')
        throw unparseable(this.#filter, value.start, `a value expected, not ${value.text}`);
      return compileComparison(path, comparator, value);
    });
  }

  #call(name: string, start: number): Filter {
    const { kind, text } = this.#take();
    if (name !== 'log_id' || kind !== 'string')
      throw unparseable(this.#filter, start, `only log_id("…") can be called here, not ${name}`);
    this.#expect(')');
    return ({ logName }) => parseLogName(logName)?.logId === text;
  }

  /** `resource.labels.location`, `labels."my key".x` */
  #path(): readonly string[] {
    const first = this.#take();
    if (first.kind === 'string') return [first.text];
    if (first.kind !== 'word' || ['AND', 'OR'].includes(first.text)) throw this.#unexpected(first);
    const path = first.text.split('.');
    let { end } = first;
    while (path.at(-1) === '' && this.#token.kind === 'string' && this.#token.start === end) {
      path[path.length - 1] = this.#token.text;
      ({ end } = this.#take());
      if (this.#token.start !== end || !this.#token.text.startsWith('.')) break;
      ({ end } = this.#token);
      path.push(...this.#take().text.slice(1).split('.'));
    }
    return path;
  }

  #atEnd(): boolean {
    return this.#token.kind === 'end' || this.#token.text === ')';
  }

  #take(): Token {
    const token = this.#token;
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  #accept(kind: Token['kind'], text?: string): boolean {
    const token = this.#token;
    if (token.kind !== kind || (text !== undefined && token.text !== text)) return false;
    this.#take();
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#accept('symbol', symbol)) throw this.#unexpected();
  }

  #unexpected({ text, start } = this.#token) {
    return unparseable(this.#filter, start, `unexpected ${text}`);
  }
}
