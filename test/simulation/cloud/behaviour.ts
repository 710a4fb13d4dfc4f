import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';
import { answers } from '../../world/fake-cloud.ts';

/** How a revision answers over its life. Times count from its creation. */
export type Behaviour =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'turns-bad'; readonly afterMs: number }
  | { readonly kind: 'flapping'; readonly periodMs: number }
  | { readonly kind: 'slow-start'; readonly forMs: number };

export type BadAnswer = 'unavailable' | 'degraded' | 'refused' | 'timeout';

/** Whether it answers badly, by the truth that nobody in the simulation sees. */
export function isFailing(behaviour: Behaviour, ageMs: number): boolean {
  switch (behaviour.kind) {
    case 'good':
      return false;
    case 'bad':
      return true;
    case 'turns-bad':
      return ageMs >= behaviour.afterMs;
    case 'flapping':
      return Math.floor(ageMs / behaviour.periodMs) % 2 === 1;
    case 'slow-start':
      return ageMs < behaviour.forMs;
  }
}

export function answerOf(failing: boolean, how: BadAnswer): ProbeAnswer {
  return failing ? answers[how]() : answers.good();
}
