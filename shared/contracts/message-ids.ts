import { z } from 'zod';
import { EffectIdSchema, NoticeIdSchema, RunIdSchema } from './id-schemas.ts';

const IdsSchema = z
  .object({
    runId: RunIdSchema.optional().catch(undefined),
    effectId: EffectIdSchema.optional().catch(undefined),
    noticeId: NoticeIdSchema.optional().catch(undefined),
  })
  .catch({ runId: undefined, effectId: undefined, noticeId: undefined });

/** The parts of an untrusted message that a log line or a record may repeat: well-formed ids, and nothing else. */
export function idsOf(data: unknown): Readonly<Record<string, string>> {
  const ids = Object.entries(IdsSchema.parse(data));
  return Object.fromEntries(ids.flatMap(([name, id]) => (id === undefined ? [] : [[name, id]])));
}
