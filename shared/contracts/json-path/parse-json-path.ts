import { JSONPathEnvironment, type JSONPathQuery, JSONPathTypeError, jsonpath, type Token } from 'json-p3';
import { whyNotAnExpression } from '../suites/regular-expression.ts';

const { StringLiteral } = jsonpath.expressions;

/** JSONPath of RFC 9535, in which `match()` and `search()` take an expression of RE2 that is known from the start. */
class Environment extends JSONPathEnvironment {
  override checkWellTypedness(token: Token, args: Parameters<JSONPathEnvironment['checkWellTypedness']>[1]) {
    const checked = super.checkWellTypedness(token, args);
    if (token.value !== 'match' && token.value !== 'search') return checked;
    const [, pattern] = args;
    if (!(pattern instanceof StringLiteral))
      throw new JSONPathTypeError(`${token.value}() takes its expression as a text in quotes`, token);
    const why = whyNotAnExpression(pattern.value);
    if (why !== undefined) throw new JSONPathTypeError(why, token);
    return checked;
  }
}
const environment = new Environment();

/** A text, which stays as it is, or a number below one, which json-p3 2.3.1 takes for an octal one. */
const textOrFraction = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w.])0\.\d+(?:[eE][+-]?\d+)?/g;

/** @throws {Error} it is none, with the reason */
export function parseJsonPath(path: string): JSONPathQuery {
  return environment.compile(path.replace(textOrFraction, withoutLeadingZero));
}

function withoutLeadingZero(text: string): string {
  if (!text.startsWith('0')) return text;
  const value = Number(text);
  return value === 0 ? '0' : value.toExponential();
}
