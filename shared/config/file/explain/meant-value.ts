import { stringify } from 'yaml';
import { z } from 'zod';
import { meantDuration } from './meant-duration.ts';
import { nearestWord } from './nearest-word.ts';
import { isSchema, unwrap } from './schema-at.ts';

/** What a person may write in place of a value that is not known. */
const placeholder = '…';

/**
 * The value that was probably meant by one that a schema refuses: a number without its unit, text in quotes, a word in
 * capitals, a single value in place of a list or of the map that contains it.
 * @returns undefined: nothing that the schema takes is near
 */
export function meantValue(schema: unknown, given: unknown): unknown {
  const inner = unwrap(schema);
  // What it takes by itself is refused for something else.
  if (!isSchema(inner) || isTakenBy(inner, given)) return undefined;
  return candidatesFor(inner, given).find((value) => isTaken(inner, value));
}

/** As YAML on one line, in the notation that fits into a line of the file. */
export function asYaml(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 })
    .trim()
    .replaceAll(`"${placeholder}"`, placeholder);
}

/** A value that a schema takes, for one who has given something that is far from any. */
export function exampleOf(schema: unknown, depth = 0): unknown {
  const inner = unwrap(schema);
  if (!isSchema(inner)) return placeholder;
  const given = inner.meta()?.example;
  if (given !== undefined) return given;
  if (inner instanceof z.ZodObject) return exampleOfMap(inner, depth);
  if (inner instanceof z.ZodArray) return [exampleOf(inner.element, depth + 1)];
  if (inner instanceof z.ZodRecord) return { NAME: exampleOf(inner.valueType, depth + 1) };
  if (inner instanceof z.ZodUnion) return exampleOf(inner.options[0], depth);
  if (inner instanceof z.ZodEnum) return inner.options[0];
  if (inner instanceof z.ZodLiteral) return inner.value;
  if (inner instanceof z.ZodBoolean) return true;
  if (inner instanceof z.ZodNumber)
    return [10, 1].find((value) => inner.safeParse(value).success) ?? placeholder;
  return placeholder;
}

function exampleOfMap({ shape }: z.ZodObject, depth: number): unknown {
  const keys = Object.entries(shape);
  const required = keys.filter(([, schema]) => !isOptional(schema));
  const shown = required.length > 0 ? required : keys.slice(0, 1);
  return Object.fromEntries(
    shown.map(([key, schema]) => [key, depth > 1 ? placeholder : exampleOf(schema, depth + 1)]),
  );
}

function isOptional(schema: unknown): boolean {
  return isSchema(schema) && schema.safeParse(undefined).success;
}

/** With `…` in it, it is not for the schema to judge: the person has to fill it in. */
function isTaken(schema: z.ZodType, value: unknown): boolean {
  return value !== undefined && (holdsPlaceholder(value) || schema.safeParse(value).success);
}

function holdsPlaceholder(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return value === placeholder;
  return Object.values(value).some(holdsPlaceholder);
}

function candidatesFor(schema: z.ZodType, given: unknown): readonly unknown[] {
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => meantValue(option, given));
  const items = Array.isArray(given) ? (given as readonly unknown[]) : undefined;
  if (schema instanceof z.ZodArray) return [listOf(schema, items ?? [given])];
  if (items) return items.length === 1 ? [items[0], meantValue(schema, items[0])] : [];
  if (schema instanceof z.ZodObject) return isScalar(given) ? [mapAround(schema, given)] : [];
  if (!isScalar(given)) return [];
  const text = String(given).trim();
  return [
    text,
    ...(schema instanceof z.ZodEnum ? [wordOf(schema, text)] : []),
    ...(schema instanceof z.ZodBoolean ? [booleanOf(text)] : []),
    ...(schema instanceof z.ZodNumber ? [numberOf(text)] : []),
    ...(schema instanceof z.ZodString ? wordings(text) : []),
    meantDuration(text),
  ];
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function listOf({ element }: z.ZodArray, given: readonly unknown[]): unknown {
  const meant = given
    .slice(0, 10)
    .map((item) => (isTakenBy(element, item) ? item : meantValue(element, item)));
  return meant.includes(undefined) || given.length > 10 ? undefined : meant;
}

function isTakenBy(schema: unknown, value: unknown): boolean {
  return isSchema(schema) && schema.safeParse(value).success;
}

/** The key that the value belongs to, with what else is required beside it. */
function mapAround({ shape }: z.ZodObject, given: unknown): unknown {
  // Of what one can switch on or off there may be several.
  if (typeof given === 'boolean') return undefined;
  const [best] = Object.entries(shape)
    .flatMap(([key, schema]) => {
      const isDirect = isTakenBy(schema, given);
      const value = isDirect ? given : meantValue(schema, given);
      return value === undefined || isMap(value)
        ? []
        : [{ key, value, rank: rankOf(schema, value, isDirect) }];
    })
    .sort((a, b) => a.rank - b.rank);
  if (!best) return undefined;
  return Object.fromEntries(
    Object.entries(shape)
      .filter(([key, schema]) => key === best.key || !isOptional(schema))
      .map(([key, schema]) => [key, key === best.key ? best.value : exampleOf(schema, 1)]),
  );
}

/** A key that takes any text is less likely than one that takes only some. */
function rankOf(schema: unknown, value: unknown, isDirect: boolean): number {
  if (holdsPlaceholder(value)) return 4;
  if (Array.isArray(value)) return 2;
  if (isTakenBy(schema, '¿')) return 3;
  return isDirect ? 0 : 1;
}

function isMap(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function wordOf({ options }: z.ZodEnum, text: string): unknown {
  const words = options.filter((option) => typeof option === 'string');
  return words.find((word) => word.toLowerCase() === text.toLowerCase()) ?? nearestWord(text, words);
}

/** Other ways to write a text, of which a format may take one. */
function wordings(text: string): readonly unknown[] {
  if (!/^[\w\s./:-]+$/.test(text)) return [];
  const lower = text.toLowerCase();
  return [
    lower,
    text.toUpperCase(),
    lower.replaceAll(/[^a-z0-9]+/g, '-'),
    URL.parse(text)?.pathname,
    `/${text}`,
    `https://${text}`,
    `$.${text}`,
  ];
}

function booleanOf(text: string): boolean | undefined {
  if (/^(yes|on|true|y)$/i.test(text)) return true;
  return /^(no|off|false|n)$/i.test(text) ? false : undefined;
}

/** `5%`, `"5"` */
function numberOf(text: string): number | undefined {
  const [, digits] = /^([\d.]+)\s*%?$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
