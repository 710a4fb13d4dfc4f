import { outbox } from '../../../../shared/contracts/records.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual } from '../invariant.ts';
import { movesPercents } from './moves-percents.ts';

/** An attempt that began in time may still write. */
const expiresAfterMs = 16 * 60_000;

/** What was decided long ago is decided anew, not done. */
export function expires({ records, kernel }: SimWorld): Invariant {
  const createdMs = new Map<string, number>();
  return {
    promise: 'no decision moves traffic after a quarter of an hour',
    onCommit: ({ ref, kind }) => {
      if (ref.collection.path === outbox.path && kind === 'create') createdMs.set(ref.id, kernel.nowMs);
      return undefined;
    },
    onWrite: (write) => {
      const { effectId, process, change } = write;
      // Whose clock is off cannot tell.
      if (isManual(effectId) || !movesPercents(write) || process.skewMs !== 0) return undefined;
      const ageMs = (process.readAtMs.get(change.etag) ?? 0) - (createdMs.get(effectId) ?? 0);
      if (ageMs <= expiresAfterMs) return undefined;
      return `${effectId} was ${Math.round(ageMs / 60_000)} minutes old: ${records.effects.get(effectId)?.kind}`;
    },
  };
}
