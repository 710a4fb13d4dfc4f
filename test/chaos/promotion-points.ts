import type { KillPoint } from './kill-point.ts';

const at = (name: KillPoint['function'], when: KillPoint['when'], commit: string): KillPoint => ({
  function: name,
  when,
  commit,
});

/**
 * Moments of a promotion at which a function's process dies. A death after a commit is one before the next, so that
 * each gap has one point; those where Cloud Run has been asked, and nobody has written it down, come before a commit.
 */
export const promotionPoints: readonly KillPoint[] = [
  at('begin-validation', 'after', 'create runs/RUN, update services, create outbox/RUN.health.tag'),
  at(
    'begin-validation',
    'after',
    'create decisions/RUN.health, update runs/RUN, create outbox/RUN.health.promote',
  ),
  at('route-traffic', 'after', 'create intents/RUN.health.promote.0, update outbox/RUN.health.promote'),
  at('route-traffic', 'before', 'update intents/RUN.health.promote.0'),
  at('route-traffic', 'after', 'update intents/RUN.health.promote.0'),
  at('route-traffic', 'after', 'update outbox/RUN.health.promote, update runs/RUN'),
  at('check-health', 'after', 'create runs/RUN/health/watch.0'),
  at(
    'check-health',
    'after',
    'create decisions/RUN.watch, update runs/RUN, create outbox/RUN.watch.mark-good',
  ),
  at('route-traffic', 'before', 'update intents/RUN.watch.mark-good.0'),
  at('route-traffic', 'after', 'update intents/RUN.watch.mark-good.0'),
];

/** Cloud Run has the tag, the run goes on with it, and the service has changed before the tag's effect is looked at. */
export const lostTagPoint = at('route-traffic', 'before', 'update intents/RUN.health.tag.0');
