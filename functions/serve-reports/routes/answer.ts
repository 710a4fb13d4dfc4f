import type { z } from 'zod';
import type { ErrorCode } from '../../../shared/contracts/output/error-output.ts';
import { errorDocument } from '../../../shared/output/error-output.ts';

/** The status and body of a response; the body is sent as JSON. */
export interface Answer {
  readonly status: 200 | 400 | 404 | 405 | 503;
  readonly body: unknown;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function badRequest(parameter: string, message: string): Answer {
  return { status: 400, body: errorDocument({ code: 'bad-request', message, exitCode: 2, parameter }) };
}

export function notFound(message: string): Answer {
  return failed(404, 'not-found', message, 2);
}

/** @param exitCode of a command that fails in the same way */
export function failed(status: Answer['status'], code: ErrorCode, message: string, exitCode: number): Answer {
  return { status, body: errorDocument({ code, message, exitCode }) };
}

/**
 * Reads a query strictly: each parameter occurs at most once, and unknown parameters are refused.
 * @returns the fault as an answer, naming the parameter
 */
export function readQuery<T>(
  schema: z.ZodType<T>,
  params: URLSearchParams,
): { readonly query: T } | { readonly fault: Answer } {
  const names = [...params.keys()];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return { fault: badRequest(twice, 'given more than once') };
  const parsed = schema.safeParse(Object.fromEntries(params));
  if (parsed.success) return { query: parsed.data };
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  if (unknown !== undefined) return { fault: badRequest(unknown, 'no such parameter') };
  return { fault: badRequest(issue?.path.join('.') ?? '', issue?.message ?? 'not valid') };
}
