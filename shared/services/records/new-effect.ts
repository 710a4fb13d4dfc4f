import type { EffectRecord } from '../../contracts/records.ts';

/** The record of an effect that is to be done from `now` on. */
export function newEffect(
  of: Pick<EffectRecord, 'runId' | 'serviceKey' | 'ref' | 'stage' | 'kind'>,
  now: Date,
): EffectRecord {
  const { runId, serviceKey, ref, stage, kind } = of;
  return { runId, serviceKey, ref, stage, kind, state: 'open', dueAt: now, createdAt: now };
}
