import type { ServiceRecord } from '../../contracts/records.ts';
import type { EffectId } from '../../domain/ids.ts';
import { mostServed, sameSplit, specSplit } from '../../domain/service-state.ts';
import type { Mode } from '../../domain/stages.ts';
import type { ManualKind } from '../../domain/traffic/plan-manual.ts';
import { keptPin } from './kept-pin.ts';
import type { WriteResult } from './write-traffic.ts';

type Written = Omit<Extract<WriteResult, { kind: 'written' }>, 'kind'>;

/** A rollback is ours to release with the next good deploy; what a person pins stays until a person unpins it. */
export function pinAfter(
  effectId: EffectId,
  kind: ManualKind,
  { before, after, target }: Omit<Written, 'kind'>,
  pin: ServiceRecord['pin'],
  mode: Mode,
  at: Date,
): ServiceRecord['pin'] {
  if (target === undefined || kind === 'unpin') return undefined;
  const holds = pin !== undefined && sameSplit(specSplit(pin.after, undefined), specSplit(before, undefined));
  if (kind === 'promote') {
    if (pin?.owner === 'human') return { ...pin, target, after: [...after], at };
    return holds ? keptPin(pin, target, mode, after) : undefined;
  }
  const lost = mostServed(specSplit(before, undefined));
  return {
    owner: kind === 'pin' ? 'human' : 'guard',
    effectId,
    target,
    bad:
      kind === 'rollback' && lost !== target && before.some((entry) => entry.revision === lost)
        ? lost
        : undefined,
    before: holds ? pin.before : [...before],
    after: [...after],
    at,
  };
}
