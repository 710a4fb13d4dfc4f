import { RE2JS } from 're2js';
import { z } from 'zod';
import { TooExpensiveError, type WorkLimit } from '../../domain/work-limit.ts';

const maxLength = 1_000;
/** A large program is slow, though its time grows with the text only. */
const maxInstructions = 2_000;

/** A regular expression of the config, in RE2 syntax: no text can make it slow. */
export const RegularExpressionSchema = z
  .string()
  .min(1)
  .max(maxLength)
  .superRefine((pattern, context) => {
    const message = whyNotAnExpression(pattern);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** Why a text cannot be used as a regular expression; undefined: it can. */
export function whyNotAnExpression(pattern: string): string | undefined {
  if (pattern.length > maxLength) return `use at most ${maxLength} characters`;
  try {
    return RE2JS.compile(pattern).programSize() > maxInstructions
      ? 'use smaller numbers in {…}: the expression would be too slow'
      : undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : 'not a regular expression';
    return `${message} (RE2 syntax, without look-around)`;
  }
}

/** Those of a config are compiled when it is read; what is filled in may be anything. */
const compiled = new Map<string, RE2JS>();
const maxKept = 1_000;

function compile(pattern: string, limit: WorkLimit): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  if (pattern.length > maxLength)
    throw new TooExpensiveError(`a regular expression of ${pattern.length} characters is too long`);
  const made = RE2JS.compile(pattern);
  limit.spend(made.programSize() * 10);
  if (compiled.size >= maxKept) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/**
 * Whether `pattern` matches a text as a whole or, by default, anywhere in it.
 * @throws {TooExpensiveError} it takes more steps than are left
 * @throws {Error} it is no regular expression, which a value that was filled in can make it
 */
export function matchesExpression(
  text: string,
  pattern: string,
  limit: WorkLimit,
  where: 'part' | 'whole' = 'part',
): boolean {
  const expression = compile(pattern, limit);
  // At the worst, each character is compared with each instruction, at 10 ns.
  limit.spend(10 + (text.length * expression.programSize()) / 10);
  // Neither asks for groups, so that it is the work of a DFA nearly always.
  return where === 'whole' ? expression.testExact(text) : expression.test(text);
}
