import type { Etag, RevisionName } from '../../../shared/domain/ids.ts';
import type { Actor } from './actor.ts';

/** One delivery of one message, from its first step to its end or its death. */
export interface SimProcess extends Actor {
  readonly message: string;
  /** The effect that its message names. */
  readonly effectId: string | undefined;
  /** What this process' own last probe of a revision's URL found. */
  readonly probed: Map<RevisionName, 'good' | 'bad'>;
  /** When it read the service of that etag. */
  readonly readAtMs: Map<Etag, number>;
  /** True: it did nothing for minutes, at least once. */
  wasAway: boolean;
}
