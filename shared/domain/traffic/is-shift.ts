import type { Intent } from '../records/intent.ts';
import { sameSplit, specSplit } from '../service-state.ts';

/** True: users got other revisions by it, or may have, if the answer was lost. Tags are cleaned up by themselves. */
export function isShift({ outcome, before, after }: Pick<Intent, 'outcome' | 'before' | 'after'>): boolean {
  return outcome !== 'rejected' && !sameSplit(specSplit(before, undefined), specSplit(after, undefined));
}
