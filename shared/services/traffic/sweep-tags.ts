import { type RunId, serviceKeyOf } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { isRunTag } from '../../domain/traffic/traffic-tags.ts';
import type { Ports } from '../../ports/ports.ts';
import { askForEffect } from '../records/ask-for-effect.ts';

/**
 * Requests the removal of the tags of ended runs: each keeps its revision's instances alive. @param runId the last
 * ended run
 */
export async function sweepTags(
  { ref, traffic }: ServiceState,
  runId: RunId,
  ports: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<void> {
  if (!traffic.some(({ tag }) => tag !== undefined && isRunTag(tag))) return;
  await askForEffect({ runId, serviceKey: serviceKeyOf(ref), ref, stage: 'health', kind: 'untag' }, ports);
}
