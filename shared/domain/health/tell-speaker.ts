import type { RevisionName } from '../ids.ts';

/** Who gave an answer, by the name in it: one that was asked, another revision, or it does not say. */
export type Speaker = 'asked' | 'another' | 'unsaid';

/**
 * @param named the name that the answer carries; absent: none
 * @param asked the revisions whose answer it may be
 */
export function tellSpeaker(named: string | undefined, asked: readonly RevisionName[]): Speaker {
  if (named === undefined) return 'unsaid';
  return asked.some((name) => name === named) ? 'asked' : 'another';
}
