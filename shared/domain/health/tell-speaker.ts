import type { RevisionName } from '../ids.ts';

/** Identifies the revision that gave a response, by the name in it: the probed one, another, or unnamed. */
export type Speaker = 'asked' | 'another' | 'unsaid';

/**
 * @param named the name in the response; absent: none
 * @param asked the revisions that the probe was meant for
 */
export function tellSpeaker(named: string | undefined, asked: readonly RevisionName[]): Speaker {
  if (named === undefined) return 'unsaid';
  return asked.some((name) => name === named) ? 'asked' : 'another';
}
