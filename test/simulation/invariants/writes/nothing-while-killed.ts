import { killSwitch } from '../../../../shared/contracts/records.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isVoid } from '../invariant.ts';

/** The kill switch stops everybody, from their next look at the service on. */
export function nothingWhileKilled({ records, kernel }: SimWorld): Invariant {
  let sinceMs: number | undefined;
  return {
    promise: 'nothing is written while the kill switch is on',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== killSwitch.collection.path || ref.id !== killSwitch.id) return undefined;
      sinceMs = records.control(killSwitch.id) ? (sinceMs ?? kernel.nowMs) : undefined;
      return undefined;
    },
    onWrite: ({ effectId, process, change }) => {
      if (isVoid({ change })) return undefined;
      const readMs = process.readAtMs.get(change.etag) ?? 0;
      return sinceMs !== undefined && readMs > sinceMs
        ? `${effectId} wrote on a look that was later than the switch`
        : undefined;
    },
  };
}
