import type { FunctionName } from '../../infra/local/pipeline/function-names.ts';
import type { CommittedWrite } from './commit.ts';

/** A moment of a rollback run at which a function's process dies. */
export interface KillPoint {
  readonly function: FunctionName;
  /** `before`: everything up to this commit was done. `after`: the commit too, and its answer was not received. */
  readonly when: 'before' | 'after';
  /** What the commit writes, as `describeCommit` has it. */
  readonly commit: string;
}

/**
 * Every commit of a run that ends with a rollback, by the function that makes it (much in place), in order of time; that of
 * `diagnose` comes at any time after the rollback.
 */
export const rollbackCommits: readonly Omit<KillPoint, 'when'>[] = [
  { function: 'begin-validation', commit: 'create runs/RUN, update services' },
  { function: 'begin-validation', commit: 'create builds' },
  { function: 'begin-validation', commit: 'create runs/RUN/health/health.0' },
  { function: 'begin-validation', commit: 'create runs/RUN/health/health.1' },
  {
    function: 'begin-validation',
    commit:
      'create decisions/RUN.health, update runs/RUN, create outbox/RUN.health.rollback, create diagnoses/RUN',
  },
  {
    function: 'route-traffic',
    commit: 'create intents/RUN.health.rollback.0, update outbox/RUN.health.rollback',
  },
  { function: 'route-traffic', commit: 'update intents/RUN.health.rollback.0' },
  {
    function: 'route-traffic',
    commit: 'update outbox/RUN.health.rollback, update runs/RUN, update services',
  },
  { function: 'check-health', commit: 'create runs/RUN/health/reverify.0' },
  { function: 'check-health', commit: 'create runs/RUN/health/reverify.1' },
  { function: 'check-health', commit: 'create decisions/RUN.reverify, update runs/RUN' },
];

/** Every commit of a run in mode gate that ends with a promotion, by function, in the order of each. */
export const promotionCommits: Readonly<Partial<Record<FunctionName, readonly string[]>>> = {
  'begin-validation': [
    'create runs/RUN, update services, create outbox/RUN.health.tag',
    'create builds',
    'create runs/RUN/health/health.0',
    'create runs/RUN/health/health.1',
    'create decisions/RUN.health, update runs/RUN, create outbox/RUN.health.promote',
  ],
  'check-health': [
    'create runs/RUN/health/watch.0',
    'create decisions/RUN.watch, update runs/RUN, create outbox/RUN.watch.mark-good',
  ],
  'route-traffic': [
    ...writeCommits('health.tag'),
    'update outbox/RUN.health.tag',
    ...writeCommits('health.promote'),
    'update outbox/RUN.health.promote, update runs/RUN',
    ...writeCommits('watch.mark-good'),
    'update outbox/RUN.watch.mark-good',
  ],
};

/** The intent, and its outcome once Cloud Run has been asked. */
function writeCommits(effect: string): readonly string[] {
  return [`create intents/RUN.${effect}.0, update outbox/RUN.${effect}`, `update intents/RUN.${effect}.0`];
}

export const killPoints: readonly KillPoint[] = rollbackCommits.flatMap((commit) => [
  { ...commit, when: 'before' as const },
  { ...commit, when: 'after' as const },
]);

/** A commit without the ids that differ from run to run. */
export function describeCommit(writes: readonly CommittedWrite[], runId: string): string {
  const describe = ({ kind, path }: CommittedWrite) =>
    `${kind} ${path.includes(runId) ? path.replaceAll(runId, 'RUN') : path.slice(0, path.indexOf('/'))}`;
  return writes.map(describe).join(', ');
}
