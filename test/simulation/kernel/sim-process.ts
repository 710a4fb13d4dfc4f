import type { Hop } from '../../../shared/contracts/messages.ts';
import type { Etag, RevisionName } from '../../../shared/domain/ids.ts';
import type { Actor } from './actor.ts';

/** One delivery of one message, from its first step to its end or its death. */
export interface SimProcess extends Actor {
  /** Whose code it runs; absent: somebody at a terminal. */
  readonly hop: Hop | undefined;
  readonly message: string;
  /** How far its clock is ahead. */
  readonly skewMs: number;
  /** The effect that its message names. */
  readonly effectId: string | undefined;
  /** What this process' own last probe of a revision's URL found. */
  readonly probed: Map<RevisionName, 'good' | 'bad'>;
  /** When it read the service of that etag. */
  readonly readAtMs: Map<Etag, number>;
  /** True: it did nothing for minutes, at least once. */
  wasAway: boolean;
}
