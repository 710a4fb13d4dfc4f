import { type JSONPathQuery, jsonpath, TokenKind } from 'json-p3';
import type { Json } from '../../domain/json.ts';
import { stepsOfKey, type WorkLimit } from '../../domain/work-limit.ts';
import { FilterEvaluation, type QueryContext } from './filter-evaluation.ts';
import { parseJsonPath } from './parse-json-path.ts';

const { NameSelector, IndexSelector, SliceSelector, WildcardSelector, FilterSelector } = jsonpath.selectors;
type Selector = JSONPathQuery['segments'][number]['selectors'][number];
type Slice = Pick<InstanceType<typeof SliceSelector>, 'start' | 'stop' | 'step'>;

/**
 * All values that a JSONPath finds, in the order of RFC 9535.
 * @throws {TooExpensiveError} it takes more steps than are left
 * @throws {Error} it is no JSONPath, which a value that was filled in can make it
 */
export function findValues(value: Json, path: string, limit: WorkLimit): readonly Json[] {
  return runQuery(parseJsonPath(path), value, { root: value, limit, ask: runQuery });
}

function runQuery({ segments }: JSONPathQuery, start: Json, context: QueryContext): readonly Json[] {
  let found: readonly Json[] = [start];
  for (const { token, selectors } of segments) {
    const next: Json[] = [];
    for (const value of token.kind === TokenKind.DDOT ? withDescendants(found, context) : found) {
      context.limit.spend(1 + selectors.length);
      for (const selector of selectors) select(selector, value, context, next);
    }
    found = next;
  }
  return found;
}

function* withDescendants(values: readonly Json[], { limit }: QueryContext): Generator<Json> {
  for (const value of values) {
    const open = [value];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      yield next;
      const children = childrenOf(next, limit);
      for (let n = children.length - 1; n >= 0; n--) open.push(children[n] as Json);
    }
  }
}

function childrenOf(value: Json, limit: WorkLimit): readonly Json[] {
  if (value === null || typeof value !== 'object') return [];
  const children = isList(value) ? value : Object.values(value);
  limit.spend(children.length * (isList(value) ? 1 : stepsOfKey));
  return children;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function select(selector: Selector, value: Json, context: QueryContext, found: Json[]): void {
  if (value === null || typeof value !== 'object') return;
  const { limit } = context;
  if (selector instanceof NameSelector) {
    if (!isList(value) && Object.hasOwn(value, selector.name)) found.push(value[selector.name] as Json);
  } else if (selector instanceof IndexSelector) {
    const one = isList(value) ? value.at(selector.index) : undefined;
    if (one !== undefined) found.push(one);
  } else if (selector instanceof WildcardSelector) {
    for (const child of childrenOf(value, limit)) found.push(child);
  } else if (selector instanceof FilterSelector) {
    const filter = new FilterEvaluation(context);
    for (const child of childrenOf(value, limit))
      if (filter.holds(selector.expression, child)) found.push(child);
  } else if (selector instanceof SliceSelector) {
    if (isList(value)) for (const n of indexesOf(selector, value.length, limit)) found.push(value[n] as Json);
  } else throw new TypeError('a selector of another kind');
}

/** RFC 9535 §2.3.4.2.2 */
function* indexesOf({ start, stop, step = 1 }: Slice, length: number, limit: WorkLimit): Generator<number> {
  if (step === 0) return;
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const bound = (index: number) => Math.min(Math.max(index < 0 ? index + length : index, lowest), highest);
  const from = start === undefined ? (step > 0 ? lowest : highest) : bound(start);
  const to = stop === undefined ? (step > 0 ? highest : lowest) : bound(stop);
  for (let n = from; step > 0 ? n < to : n > to; n += step) {
    limit.spend(1);
    yield n;
  }
}
