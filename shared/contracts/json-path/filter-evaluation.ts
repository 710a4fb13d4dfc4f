import { type JSONPathQuery, jsonpath } from 'json-p3';
import type { Json } from '../../domain/json.ts';
import { stepsOfKey, type WorkLimit } from '../../domain/work-limit.ts';
import { matchesExpression } from '../suites/regular-expression.ts';
import { isLike } from './is-like.ts';

const {
  LogicalExpression,
  PrefixExpression,
  InfixExpression,
  FilterQuery,
  RelativeQuery,
  FunctionExtension,
  StringLiteral,
  NumberLiteral,
  BooleanLiteral,
  NullLiteral,
} = jsonpath.expressions;
type Expression = InstanceType<typeof LogicalExpression>['expression'];
type Query = Expression & { readonly path: JSONPathQuery };
type Function = InstanceType<typeof FunctionExtension>;
type Comparison = InstanceType<typeof InfixExpression>;

/** What a query is asked of, and the work that it may take. */
export interface QueryContext {
  /** `$` */
  readonly root: Json;
  readonly limit: WorkLimit;
  /** Runs a query that a filter contains. @param start `$` or `@` */
  readonly ask: (query: JSONPathQuery, start: Json, context: QueryContext) => readonly Json[];
}

/** Evaluates the filters of a query, of which the parser has checked the types. */
export class FilterEvaluation {
  readonly #context: QueryContext;

  constructor(context: QueryContext) {
    this.#context = context;
  }

  /** @param current `@` */
  holds(expression: Expression, current: Json): boolean {
    this.#context.limit.spend(1);
    if (expression instanceof LogicalExpression) return this.holds(expression.expression, current);
    if (expression instanceof PrefixExpression) return !this.holds(expression.right, current);
    if (expression instanceof InfixExpression) {
      const { operator, left, right } = expression;
      if (operator === '&&') return this.holds(left, current) && this.holds(right, current);
      if (operator === '||') return this.holds(left, current) || this.holds(right, current);
      return this.#compare(expression, current);
    }
    if (expression instanceof FilterQuery) return this.#nodes(expression, current).length > 0;
    if (expression instanceof FunctionExtension) return this.#matches(expression, current);
    throw new TypeError('an expression of another kind');
  }

  #compare({ operator, left, right }: Comparison, current: Json): boolean {
    const a = this.#value(left, current);
    const b = this.#value(right, current);
    switch (operator) {
      case '==':
        return this.#isEqual(a, b);
      case '!=':
        return !this.#isEqual(a, b);
      case '<':
        return isLess(a, b);
      case '<=':
        return isLess(a, b) || this.#isEqual(a, b);
      case '>':
        return isLess(b, a);
      case '>=':
        return isLess(b, a) || this.#isEqual(a, b);
      default:
        throw new TypeError(`an operator of another kind: ${operator}`);
    }
  }

  #isEqual(a: Json | undefined, b: Json | undefined): boolean {
    if (a === undefined || b === undefined) return a === b;
    return isLike(a, b, 'same', this.#context.limit);
  }

  /** undefined: the special result Nothing of RFC 9535 */
  #value(expression: Expression, current: Json): Json | undefined {
    if (expression instanceof NullLiteral) return null;
    if (
      expression instanceof StringLiteral ||
      expression instanceof NumberLiteral ||
      expression instanceof BooleanLiteral
    )
      return expression.value;
    if (expression instanceof FilterQuery) return this.#nodes(expression, current)[0];
    if (expression instanceof FunctionExtension) return this.#call(expression, current);
    throw new TypeError('a value of another kind');
  }

  #call({ name, args }: Function, current: Json): Json | undefined {
    const [of] = args;
    if (of === undefined) throw new TypeError(`${name}() without an argument`);
    if (name === 'length') return this.#length(this.#value(of, current));
    const nodes = of instanceof FilterQuery ? this.#nodes(of, current) : [];
    if (name === 'count') return nodes.length;
    if (name === 'value') return nodes.length === 1 ? nodes[0] : undefined;
    throw new TypeError(`a function of another kind: ${name}`);
  }

  #length(value: Json | undefined): number | undefined {
    const { limit } = this.#context;
    if (typeof value === 'string') {
      limit.spend(value.length / 10);
      return [...value].length;
    }
    if (Array.isArray(value)) return value.length;
    if (value === null || typeof value !== 'object') return undefined;
    const { length } = Object.keys(value);
    limit.spend(length * stepsOfKey);
    return length;
  }

  /** `match()` asks for the whole text, `search()` for a part of it. */
  #matches({ name, args: [of, pattern] }: Function, current: Json): boolean {
    const text = of && this.#value(of, current);
    if (typeof text !== 'string' || !(pattern instanceof StringLiteral)) return false;
    return matchesExpression(text, pattern.value, this.#context.limit, name === 'match' ? 'whole' : 'part');
  }

  #nodes(query: Query, current: Json): readonly Json[] {
    const start = query instanceof RelativeQuery ? current : this.#context.root;
    return this.#context.ask(query.path, start, this.#context);
  }
}

function isLess(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return typeof a === 'string' && typeof b === 'string' && a < b;
}
