import { z } from 'zod';
import { hashOf } from '../domain/ids.ts';
import { verdicts } from '../domain/verdict.ts';
import { RunIdSchema, WatchedNameSchema } from './id-schemas.ts';

/** `GET /api/runs`: every parameter once, no others. */
export const RunsQuerySchema = z.strictObject({
  service: WatchedNameSchema.optional(),
  verdict: z.enum(verdicts).optional(),
  limit: z
    .string()
    .regex(/^([1-9][0-9]?|100)$/, 'a whole number from 1 to 100')
    .default('20')
    .transform(Number),
  cursor: z.string().max(300, 'not a cursor').optional(),
});
export type RunsQuery = z.infer<typeof RunsQuerySchema>;

export const NoQuerySchema = z.strictObject({});

/** The times that Firestore can compare with; no run is older. */
const CursorTimeSchema = z.iso
  .datetime()
  .transform((at) => new Date(at))
  .pipe(z.date().min(new Date(0)));
const CursorSchema = z.tuple([CursorTimeSchema, RunIdSchema, z.string()]);

/** The end of a page of runs. A cursor is valid only for the filter that it was made with. */
export interface RunsCursor {
  readonly createdAt: Date;
  readonly runId: z.infer<typeof RunIdSchema>;
}

export function encodeCursor({ createdAt, runId }: RunsCursor, query: RunsQuery): string {
  return Buffer.from(JSON.stringify([createdAt.toISOString(), runId, filterOf(query)])).toString('base64url');
}

/** @returns undefined: it is not a cursor, or belongs to another filter */
export function decodeCursor(text: string, query: RunsQuery): RunsCursor | undefined {
  const parsed = CursorSchema.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const [createdAt, runId, filter] = parsed.data;
  return filter === filterOf(query) ? { createdAt, runId } : undefined;
}

function filterOf({ service, verdict }: RunsQuery): string {
  return hashOf(service ?? '', verdict ?? '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
