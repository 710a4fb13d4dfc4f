import type { Request } from 'express';
import type { z } from 'zod';
import { ApiError, notFound } from './api-error.ts';
import { assertMay } from './check-access.ts';
import type { Call } from './route.ts';
import type { Identity } from './state/identity.ts';
import type { LocalRepository } from './state/local-repository.ts';

/** What a route gets of a request. */
export function readCall(
  request: Request,
  parts: {
    readonly repository: LocalRepository;
    readonly identity: Identity;
    readonly now: Date;
    readonly apiUrl: string;
    readonly pageUrl: string;
  },
): Call {
  const part = (name: string) => {
    const value = request.params[name];
    return Array.isArray(value) ? value.join('/') : (value ?? '');
  };
  return {
    ...parts,
    login: parts.identity.kind === 'app' ? '' : parts.identity.login,
    part,
    number(name) {
      const number = Number(part(name));
      if (!Number.isSafeInteger(number)) throw notFound();
      return number;
    },
    query(name) {
      const value = request.query[name];
      return typeof value === 'string' ? value : undefined;
    },
    assertMay: (need) => assertMay(parts.identity, need),
    body: (schema) => readBody(request.body, schema),
  };
}

function readBody<T>(body: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiError(422, `Invalid request.\n\n${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
