import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';
import { answers } from '../../world/fake-cloud.ts';
import { answerOf, type BadAnswer } from './behaviour.ts';

/**
 * How what all revisions need is away. `as-they-fail`: each answers as it does when it fails by itself. `users`: their
 * requests fail, and no probe sees anything of it.
 */
export type Outage = 'as-they-fail' | 'unavailable' | 'timeout' | 'users';

/** An outage that was, or is. */
export interface PastOutage {
  readonly outage: Outage;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a probe gets meanwhile; undefined: it notices nothing. */
export function probedIn(outage: Outage | undefined, how: BadAnswer): ProbeAnswer | undefined {
  switch (outage) {
    case undefined:
    case 'users':
      return undefined;
    case 'as-they-fail':
      return answerOf(true, how);
    case 'unavailable':
    case 'timeout':
      return answers[outage]();
  }
}

/** What users get meanwhile; undefined: they notice nothing. */
export function servedIn(outage: Outage | undefined, how: BadAnswer): ProbeAnswer | undefined {
  return outage === 'users' ? answers.unavailable() : probedIn(outage, how);
}
