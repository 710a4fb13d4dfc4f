import { z } from 'zod';
import { EffectIdSchema, RunIdSchema } from './id-schemas.ts';

const IdsSchema = z
  .object({
    runId: RunIdSchema.optional().catch(undefined),
    effectId: EffectIdSchema.optional().catch(undefined),
  })
  .catch({ runId: undefined, effectId: undefined });

/** The parts of an untrusted message that a log line or a record may repeat: well-formed ids, and nothing else. */
export function idsOf(data: unknown): Readonly<Record<string, string>> {
  const { runId, effectId } = IdsSchema.parse(data);
  return { ...(runId === undefined ? {} : { runId }), ...(effectId === undefined ? {} : { effectId }) };
}
