import type { RevisionName } from '../ids.ts';
import { olderGood } from '../records/good-revisions.ts';
import type { GoodRevision } from '../records/service-record.ts';
import { countOf } from '../render/count-of.ts';
import { compareRevisions, isMigration, orderOf, type Revision, type RevisionOrder } from '../revision.ts';
import { type Reason, type ReasonCode, reason } from '../verdict.ts';

/** Put this label on a revision that must never get traffic back. */
export const neverRollbackLabel = { name: 'deploy-loop-rollback', value: 'never' } as const;

export interface TargetPolicy {
  readonly maxAgeMs: number;
  /** How many revisions back the target may be. */
  readonly maxRevisions: number;
}

export type TargetChoice =
  | { readonly kind: 'target'; readonly revision: RevisionName }
  | { readonly kind: 'refused'; readonly reason: Reason };

/**
 * The newest revision recorded good: never list order, never "the one before". If it is unfit, the rollback is refused
 * rather than directed to an older one that was not verified recently.
 *
 * @param good the recorded good revisions, newest first
 * @param revisions the service's revisions as Cloud Run lists them now, newest first
 */
export function chooseRollbackTarget(
  good: readonly GoodRevision[],
  candidate: RevisionOrder,
  revisions: readonly Revision[],
  now: Date,
  policy: TargetPolicy,
): TargetChoice {
  const known = olderGood(good, candidate);
  if (known === undefined) {
    const text =
      good.length > 0
        ? 'no revision before the failing one is recorded as good'
        : 'no revision is recorded as good: run deploy-loop apply, or name one with --stable';
    return refused('no-target', text);
  }
  const name = known.revision;
  // A revision made anew under the same name is a different one.
  const position = revisions.findIndex((revision) => compareRevisions(orderOf(revision), known) === 0);
  const revision = revisions[position];
  if (!revision) return refused('target-deleted', `the verified revision ${name} no longer exists`);
  if (revision.readiness.kind !== 'ready')
    return refused('target-not-ready', `${name} is ${revision.readiness.kind}`);
  if (isDenied(revision))
    return refused(
      'target-denied',
      `${name} carries the label ${neverRollbackLabel.name}=${neverRollbackLabel.value}`,
    );
  const ageMs = now.getTime() - revision.createTime.getTime();
  if (ageMs > policy.maxAgeMs)
    return refused('target-too-old', `${name} is ${countOf(Math.round(ageMs / 86_400_000), 'day')} old`);
  const back = position - revisions.findIndex((other) => other.name === candidate.revision);
  if (back > policy.maxRevisions)
    return refused(
      'target-too-far',
      `${name} is ${countOf(back, 'revision')} back, rollback.maxRevisions is ${policy.maxRevisions}`,
    );
  const migrated = refuseMigration(known, candidate, revisions);
  return migrated ? { kind: 'refused', reason: migrated } : { kind: 'target', revision: name };
}

/** Older code on a newer schema may do worse than fail. @returns the revision since the target that changed a schema */
export function refuseMigration(
  target: RevisionOrder,
  candidate: RevisionOrder,
  revisions: readonly Revision[],
): Reason | undefined {
  const migration = revisions.find(
    (revision) =>
      isMigration(revision.labels) &&
      compareRevisions(orderOf(revision), target) > 0 &&
      compareRevisions(orderOf(revision), candidate) <= 0,
  );
  if (!migration) return undefined;
  return reason('migration', `${migration.name} changed a schema: ${target.revision} is older`);
}

/** True: its owner has excluded it from rollbacks. */
export function isDenied({ labels }: Pick<Revision, 'labels'>): boolean {
  return labels[neverRollbackLabel.name] === neverRollbackLabel.value;
}

function refused(code: ReasonCode, text: string): TargetChoice {
  return { kind: 'refused', reason: { code, text } };
}
