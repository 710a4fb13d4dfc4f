import { z } from 'zod';
import type { ProbeAnswer } from '../domain/health/probe-answer.ts';
import type { Json } from '../domain/json.ts';
import { WorkLimit } from '../domain/work-limit.ts';
import { HeaderNameSchema } from './expectations/header.ts';
import { findValues } from './json-path/find-values.ts';
import { JsonPathSchema } from './suites/json-expectation.ts';

/** Where a response names the revision that gave it: the app echoes its `K_REVISION`. */
export const RevisionSourceSchema = z
  .strictObject({ header: HeaderNameSchema.optional(), json: JsonPathSchema.optional() })
  .refine(({ header, json }) => (header === undefined) !== (json === undefined), {
    error: 'write exactly one of header and json; a key of `defaults` counts too',
    when: ({ issues }) => issues.length === 0,
  });
export type RevisionSource = z.infer<typeof RevisionSourceSchema>;

/**
 * The name of a revision in a response. Never throws.
 * @param service revision names begin with the service's name: any other value is not one
 * @returns undefined: no name, or several
 */
export function revisionNamedIn(
  answer: ProbeAnswer,
  { header, json }: RevisionSource,
  service: string,
): string | undefined {
  if (answer.kind === 'no-answer') return undefined;
  const told =
    header === undefined
      ? textsIn(answer, json ?? '$')
      : // A proxy may have repeated it.
        (answer.headers[header.toLowerCase()] ?? '').split(',');
  const names = new Set(told.map((text) => text.trim()));
  const [name = ''] = names;
  return names.size === 1 && name.startsWith(`${service}-`) ? name : undefined;
}

function textsIn(
  { body, truncated }: Extract<ProbeAnswer, { kind: 'answer' }>,
  path: string,
): readonly string[] {
  if (truncated) return [];
  try {
    const found = findValues(JSON.parse(body) as Json, path, new WorkLimit());
    return found.filter((value) => typeof value === 'string');
  } catch {
    // Not JSON, or too much of it to search.
    return [];
  }
}
