import { z } from 'zod';
import { hashOf, type ServiceKey } from '../domain/ids.ts';
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
const TimeSchema = z.iso
  .datetime()
  .transform((at) => new Date(at))
  .pipe(z.date().min(new Date(0)));

/** The end of a page of runs. A cursor is valid only for the filter that it was made with. */
export interface RunsCursor {
  readonly createdAt: Date;
  readonly runId: z.infer<typeof RunIdSchema>;
}

export function encodeCursor(
  { createdAt, runId }: RunsCursor,
  query: Pick<RunsQuery, 'service' | 'verdict'>,
): string {
  return encode(createdAt, runId, filterOf(query));
}

/** @returns undefined: it is not a cursor, or belongs to another filter */
export function decodeCursor(
  text: string,
  query: Pick<RunsQuery, 'service' | 'verdict'>,
): RunsCursor | undefined {
  const [createdAt, runId] = decode(text, RunIdSchema, filterOf(query)) ?? [];
  return createdAt && runId ? { createdAt, runId } : undefined;
}

/** The end of a page of one service's traffic changes. */
export interface ChangesCursor {
  readonly at: Date;
  readonly id: string;
}

export function encodeChangesCursor({ at, id }: ChangesCursor, serviceKey: ServiceKey): string {
  return encode(at, id, serviceKey);
}

/** @returns undefined: it is not a cursor, or belongs to another service */
export function decodeChangesCursor(text: string, serviceKey: ServiceKey): ChangesCursor | undefined {
  const [at, id] = decode(text, z.string().regex(/^[^/]{1,500}$/), serviceKey) ?? [];
  return at && id ? { at, id } : undefined;
}

function encode(at: Date, id: string, filter: string): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id, filter])).toString('base64url');
}

function decode<I>(text: string, id: z.ZodType<I>, filter: string): readonly [Date, I] | undefined {
  const parsed = z.tuple([TimeSchema, id, z.literal(filter)]).safeParse(jsonOf(text));
  return parsed.success ? [parsed.data[0], parsed.data[1]] : undefined;
}

function filterOf({ service, verdict }: Pick<RunsQuery, 'service' | 'verdict'>): string {
  return hashOf(service ?? '', verdict ?? '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
