import type { z } from 'zod';
import { type ConfigPath, quote } from './config-path.ts';
import type { Finding } from './finding.ts';
import { knownKeysBelow } from './known-keys.ts';
import { nearestWord } from './nearest-word.ts';

type Issue = z.core.$ZodIssue;

/** Explains an issue of the schema in terms of the config file. The schema's own message says how to fix it. */
export function explainIssue(issue: Issue): readonly Finding[] {
  return explainAt(issue, []);
}

/** @param base the place in the file of the value that the schema checked */
function explainAt(issue: Issue, base: ConfigPath): readonly Finding[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') return explainUnknownKeys(path, issue.keys);
  if (issue.code === 'invalid_union') return explainUnion(issue, path);
  if (issue.input === undefined) return [explainMissing(path)];
  return [{ path, ...explainValue(issue) }];
}

/** Of all alternatives, the one with the smallest objection was probably meant. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: ConfigPath,
): readonly Finding[] {
  if (issue.discriminator !== undefined) return [explainKind(issue, path)];
  const nearest = issue.errors
    .filter((issues) => issues.length > 0)
    .toSorted((a, b) => objectionOf(a) - objectionOf(b))[0];
  if (!nearest || objectionOf(nearest) > 0) {
    if (issue.input === undefined) return [explainMissing(path)];
    return [{ path, ...explainValue(issue) }];
  }
  return nearest.flatMap((inner) => explainAt(inner, path));
}

/** One key determines the kind of a map; `path` points to that key. */
function explainKind(issue: Extract<Issue, { code: 'invalid_union' }>, path: ConfigPath): Finding {
  const given = new Map(Object.entries(Object(issue.input))).get(issue.discriminator ?? '');
  const fix =
    'options' in issue && issue.options ? `write one of ${issue.options.join(', ')}` : issue.message;
  return given === undefined
    ? { ...explainMissing(path), fix: `add \`${path.at(-1)}:\`, ${fix.replace('write ', '')}` }
    : { path, message: `${quote(given)} is not accepted`, fix };
}

/** What a schema says of a value of another kind; all else is said of one of its own. */
const kindCodes: readonly Issue['code'][] = ['invalid_type', 'invalid_value', 'invalid_union'];

/** 0: the value is of this alternative's kind, and something within it is wrong. */
function objectionOf(issues: readonly Issue[]): number {
  return issues.some(({ path, code }) => path.length === 0 && kindCodes.includes(code)) ? 1 : 0;
}

function explainUnknownKeys(path: ConfigPath, keys: readonly string[]): readonly Finding[] {
  const known = knownKeysBelow(path);
  const siblings = known.filter((candidate) => !candidate.includes('.'));
  const fixOf = (key: string) => {
    const nearest = nearestWord(key, siblings);
    if (nearest !== undefined) return `did you mean ${nearest}?`;
    const elsewhere = known.find((candidate) => candidate.endsWith(`.${key}`));
    return elsewhere ? `move it to ${elsewhere}` : `remove it; valid keys here: ${siblings.join(', ')}`;
  };
  return keys.map((key) => ({ path: [...path, key], message: 'unknown key', fix: fixOf(key) }));
}

function explainMissing(path: ConfigPath): Finding {
  return { path, message: 'is missing', fix: `add \`${path.at(-1)}:\`` };
}

function explainValue(issue: Issue): Omit<Finding, 'path'> {
  const shown = quote(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid input')
        ? explainType(issue.expected, issue.input)
        : { message: `${shown} is not accepted`, fix: issue.message };
    case 'invalid_value': {
      const values = issue.values.map(String);
      return {
        message: `${shown} is not accepted`,
        fix: values.length > 1 ? `write one of ${values.join(', ')}` : issue.message,
      };
    }
    case 'too_small':
      return {
        message: `${sized(issue.origin, shown)} is too small`,
        fix: `use at least ${issue.minimum}${unitOf(issue.origin)}`,
      };
    case 'too_big':
      return {
        message: `${sized(issue.origin, shown)} is too large`,
        fix: `use at most ${issue.maximum}${unitOf(issue.origin)}`,
      };
    case 'invalid_key':
      return {
        message: `${shown} is not accepted as a key`,
        fix: issue.issues[0]?.message ?? issue.message,
      };
    default:
      return { message: `${shown} is not accepted`, fix: issue.message };
  }
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

function explainType(expected: string, input: unknown): Omit<Finding, 'path'> {
  const noun = nouns.get(expected) ?? expected;
  if (input === null)
    return { message: `is empty, but must be ${noun}`, fix: 'give it a value, or remove the key' };
  const message = `${quote(input)} is not ${noun}`;
  if (expected === 'string' && typeof input !== 'object') return { message, fix: 'put it in quotes' };
  if (
    typeof input === 'string' &&
    nouns.get(expected)?.endsWith('number') &&
    Number.isFinite(Number(input))
  ) {
    return { message, fix: 'remove the quotes' };
  }
  return { message, fix: `write ${noun}` };
}

function sized(origin: string, shown: string): string {
  return origin === 'array' ? 'the list' : shown;
}

function unitOf(origin: string): string {
  return origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : '';
}
