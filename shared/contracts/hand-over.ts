import { z } from 'zod';
import type { HandOver } from '../domain/runs/resolve-revision.ts';
import { RevisionNameSchema, ServiceRefSchema } from './id-schemas.ts';

const HandOverSchema = z.object({ ...ServiceRefSchema.shape, revision: RevisionNameSchema });
const HandOversSchema = z.union([HandOverSchema.transform((one) => [one]), z.array(HandOverSchema).max(50)]);

/**
 * The revisions that deploy steps wrote to `$BUILDER_OUTPUT/output`, as one JSON object or a list of them. Steps may
 * also write anything else there, so text that does not parse is not an error.
 */
export function parseHandOvers(stepOutputs: readonly string[]): HandOver[] {
  return stepOutputs.flatMap((text) => {
    const parsed = HandOversSchema.safeParse(jsonOrUndefined(text));
    return parsed.success ? parsed.data : [];
  });
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
