import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { canonicalJson, type Json } from '../../domain/json.ts';
import { stepsOfKey, WorkLimit } from '../../domain/work-limit.ts';
import { matchesExpression, whyNotAnExpression } from '../suites/regular-expression.ts';
import { countedSchema, workKeyword } from './counted-schema.ts';

type Schema = { readonly [key: string]: Json };

/** Formats are expressions of JavaScript, whose work is known: for a `url` it grows with the square of the length. */
const workOfFormat: Readonly<Record<string, (length: number) => number>> = {
  url: (length) => length ** 2 / 150,
  regex: (length) => length * 100,
};

/** Of the value that is being judged. A validator is one call that nothing interrupts. */
let limit = new WorkLimit();

const ajv = new Ajv({ strict: false, logger: false, inlineRefs: false, code: { regExp: linearExpression } });
ajv.addKeyword({ keyword: workKeyword, schemaType: 'number', errors: false, validate: countWork });
ajv.removeKeyword('uniqueItems');
ajv.addKeyword({
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  validate: (isWanted: boolean, list: readonly Json[]) => !isWanted || isUnique(list),
  error: { message: 'must NOT have duplicate items' },
});
formats.default(ajv);
for (const name of Object.keys(ajv.formats)) limitFormat(name);

function countWork(size: number, value: Json): boolean {
  limit.spend(size + (typeof value === 'string' ? value.length / 20 : 0));
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    limit.spend(Object.keys(value).length * stepsOfKey);
  return true;
}

/** Each item is compared with a set of texts, and not with each other one. */
function isUnique(list: readonly Json[]): boolean {
  const seen = new Set<string>();
  return list.every((item) => {
    const text = canonicalJson(item);
    limit.spend(1 + text.length / 5);
    return seen.size < seen.add(text).size;
  });
}

/** Its patterns use RE2: no response can make them slow. */
function linearExpression(pattern: string): { test(text: string): boolean; toString(): string } {
  const why = whyNotAnExpression(pattern);
  if (why !== undefined) throw new Error(`${JSON.stringify(pattern)}: ${why}`);
  // Ajv tells expressions apart by their text.
  return { test: (text) => matchesExpression(text, pattern, limit), toString: () => pattern };
}
linearExpression.code = 'linearExpression';

function limitFormat(name: string): void {
  const format = ajv.formats[name];
  const definition = format instanceof RegExp || typeof format === 'function' ? { validate: format } : format;
  if (typeof definition !== 'object' || ('type' in definition && definition.type === 'number')) return;
  const { validate } = definition;
  const workOf = workOfFormat[name] ?? ((length: number) => length / 10);
  ajv.addFormat(name, {
    type: 'string',
    validate: (text: string) => {
      limit.spend(1 + workOf(text.length));
      if (validate instanceof RegExp) return new RegExp(validate).test(text);
      return typeof validate === 'function' && (validate as (text: string) => boolean)(text);
    },
  });
}

/** Those of a config are compiled when it is read; values that are filled in make others. */
const compiled = new Map<string, ValidateFunction>();
const maxKept = 200;

/** @throws {Error} it is not a JSON Schema that can be used, with the reason */
export function compileSchema(schema: Schema): ValidateFunction {
  const key = canonicalJson(schema);
  const known = compiled.get(key);
  if (known) return known;
  const counted = countedSchema(schema);
  // The schema itself is judged by one, and is no answer.
  limit = new WorkLimit(Number.POSITIVE_INFINITY);
  const validate = ajv.compile(counted);
  // Nothing refers to it by its `$id`, which another schema may have too.
  ajv.removeSchema(counted);
  probe(validate);
  if (compiled.size >= maxKept) compiled.clear();
  compiled.set(key, validate);
  return validate;
}

/** @throws {Error} a `$ref` leads back to itself without any value in between, so that judging would not end */
function probe(validate: ValidateFunction): void {
  limit = new WorkLimit();
  try {
    for (const value of [null, true, 0, '', [], {}]) validate(value);
  } catch {
    throw new Error('judging a value by it would not end: do not let a $ref lead back to itself');
  }
}

/**
 * The first thing in which a value does not keep to a schema; undefined: it does.
 * @throws {TooExpensiveError} telling takes more steps than are left
 * @throws {RangeError} the value is nested too deeply for the stack
 */
export function faultBySchema(value: Json, schema: Schema, work: WorkLimit): string | undefined {
  const validate = compileSchema(schema);
  limit = work;
  if (validate(value)) return undefined;
  const [first] = validate.errors ?? [];
  return `${first?.instancePath || 'it'} ${first?.message ?? 'is wrong'}`;
}
