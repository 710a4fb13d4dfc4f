import type { z } from 'zod';
import { type ConfigPath, quote } from '../config-path.ts';
import type { Finding } from '../finding.ts';
import { explainUnknownKeys } from './explain-unknown-keys.ts';
import { asYaml, exampleOf, meantValue } from './meant-value.ts';
import { nearestWord } from './nearest-word.ts';
import { isSchema, schemaAt, shapeOf, unwrap } from './schema-at.ts';

type Issue = z.core.$ZodIssue;

/**
 * Explains the issues of a schema in terms of the config file: what was found, and what to write instead. Of a value of
 * another kind nothing else is told.
 * @param root the place in the file of the value that the schema checked
 */
export function explainIssues(issues: readonly Issue[], root: ConfigPath = []): readonly Finding[] {
  const ofKind = issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => path.join());
  return issues
    .filter(({ code, path }) => code === 'invalid_type' || !ofKind.includes(path.join()))
    .flatMap((issue) => explainAt(issue, root));
}

/** @param base the place in the file of the value that the schema checked */
function explainAt(issue: Issue, base: ConfigPath): readonly Finding[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') return explainUnknownKeys(path, issue.keys, issue.input);
  if (issue.code === 'invalid_union') return explainUnion(issue, path);
  if (issue.input === undefined) return [explainMissing(path)];
  return [{ path, ...explainValue(issue, path) }];
}

/** Of all alternatives, the one with the smallest objection was probably meant. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: ConfigPath,
): readonly Finding[] {
  if (issue.discriminator !== undefined) return [explainKind(issue, path)];
  const ranked = issue.errors
    .filter((issues) => issues.length > 0)
    .toSorted((a, b) => objectionOf(a) - objectionOf(b) || slipsOf(a) - slipsOf(b));
  const nearest = ranked[0] && slipsOf(ranked[0]) > 0 ? likeliestOf(ranked, path) : ranked[0];
  if (!nearest || objectionOf(nearest) > 0) {
    if (issue.input === undefined) return [explainMissing(path)];
    return [{ path, ...explainValue(issue, path) }];
  }
  return nearest.flatMap((inner) => explainAt(inner, path));
}

/** Of maps that lack something: the only nearest, or the one whose key was misspelt. @returns undefined: any may be meant */
function likeliestOf(ranked: readonly (readonly Issue[])[], path: ConfigPath): readonly Issue[] | undefined {
  const [nearest = [], next] = ranked;
  if (!next || objectionOf(next) > objectionOf(nearest) || slipsOf(next) > slipsOf(nearest)) return nearest;
  const known = [...shapeOf(schemaAt(path)).keys()];
  const given = nearest.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const words = given.flatMap((key) => nearestWord(key, known) ?? []);
  return ranked.find((issues) => issues.some((issue) => words.includes(String(issue.path[0]))));
}

/** One key determines the kind of a map; `path` points to that key. */
function explainKind(issue: Extract<Issue, { code: 'invalid_union' }>, path: ConfigPath): Finding {
  const given = new Map(Object.entries(Object(issue.input))).get(issue.discriminator ?? '');
  const words = 'options' in issue && issue.options ? issue.options.join(', ') : issue.message;
  return given === undefined
    ? { ...explainMissing(path), fix: `add \`${path.at(-1)}:\`, one of ${words}` }
    : { path, message: `${quote(given)} is not accepted`, fix: `write one of ${words}` };
}

/** What a schema says of a value of another kind; all else is said of one of its own. */
const kindCodes: readonly Issue['code'][] = ['invalid_type', 'invalid_value', 'invalid_union'];

/** 0: the value is of this alternative's kind, and something within it is wrong. */
function objectionOf(issues: readonly Issue[]): number {
  return issues.some(({ path, code }) => path.length === 0 && kindCodes.includes(code)) ? 1 : 0;
}

/** Keys that are missing in a map, and those that it does not know. */
function slipsOf(issues: readonly Issue[]): number {
  const isSlip = ({ code, input, path }: Issue) =>
    code === 'unrecognized_keys' || (input === undefined && path.length === 1);
  return issues.filter(isSlip).length;
}

function explainMissing(path: ConfigPath): Finding {
  return { path, message: 'is missing', fix: `add \`${path.at(-1)}:\`` };
}

function explainValue(issue: Issue, path: ConfigPath): Omit<Finding, 'path'> {
  const { input } = issue;
  const schema = schemaAt(path);
  if (input === null) return { message: 'is empty', fix: `${fixOf(issue, schema)}, or remove the key` };
  return { message: messageOf(issue, schema), fix: fixOf(issue, schema) };
}

function messageOf(issue: Issue, schema: unknown): string {
  const shown = quote(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid ')
        ? `${shown} is not ${told(schema, 'noun') ?? nouns.get(issue.expected) ?? issue.expected}`
        : `${shown} is not accepted`;
    case 'too_small':
      return `${sized(issue.origin, shown)} is too small`;
    case 'too_big':
      return `${sized(issue.origin, shown)} is too large`;
    case 'invalid_key':
      return `${shown} is not accepted as a key`;
    default:
      // With its defaults filled in, a map is not what the person wrote.
      return `${isMap(issue.input) ? 'this map' : shown} is not accepted`;
  }
}

function fixOf(issue: Issue, schema: unknown): string {
  if (issue.code === 'too_small')
    return `use at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
  if (issue.code === 'too_big') return `use at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  const hint = hintOf(issue, schema);
  const meant = issue.input === null ? undefined : meantValue(schema, issue.input);
  if (meant === undefined || (isMap(meant) && hint !== undefined)) return hint ?? fixOfType(issue, schema);
  const fix = `write ${asYaml(meant)}`;
  if (hint === undefined) return fix;
  return hint.startsWith('write ') ? `${fix} (${hint.slice('write '.length)})` : `${hint}; ${fix}`;
}

/** What the schema itself says of the values that it takes. */
function hintOf(issue: Issue, schema: unknown): string | undefined {
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  if (issue.code === 'invalid_value' && issue.values.length > 1)
    return `write one of ${issue.values.map(String).join(', ')}`;
  return told(schema, 'hint');
}

function fixOfType(issue: Issue, schema: unknown): string {
  if (issue.code !== 'invalid_type') return issue.message;
  const noun = told(schema, 'noun') ?? nouns.get(issue.expected) ?? issue.expected;
  const example = asYaml(exampleOf(schema));
  return `write ${noun}${['true', '…'].includes(example) ? '' : `, such as ${example}`}`;
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a schema itself says of the values that it takes: what they are, and what to write. */
function told(schema: unknown, what: 'noun' | 'hint'): string | undefined {
  const inner = unwrap(schema);
  const text = isSchema(inner) ? inner.meta()?.[what] : undefined;
  return typeof text === 'string' ? text : undefined;
}

const nouns = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['object', 'a map'],
  ['record', 'a map'],
  ['array', 'a list'],
]);

function sized(origin: string, shown: string): string {
  return origin === 'array' ? 'the list' : shown;
}

function unitOf(origin: string, count: number | bigint): string {
  const isOne = Number(count) === 1;
  if (origin === 'array') return isOne ? ' entry' : ' entries';
  return origin === 'string' ? ` character${isOne ? '' : 's'}` : '';
}
