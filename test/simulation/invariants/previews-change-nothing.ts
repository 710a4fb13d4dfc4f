import { outbox, runs } from '../../../shared/contracts/records.ts';
import type { RevisionOrder } from '../../../shared/domain/revision.ts';
import type { Reason } from '../../../shared/domain/verdict.ts';
import type { SimWorld } from '../sim-world.ts';
import { type Invariant, isManual, partsOfEffect } from './invariant.ts';
import { gaining } from './writes/gaining.ts';

/** A preview is for few: it is no reason to move users, and none to leave them where they are. */
export function previewsChangeNothing({ records, cloud, humanEdits }: SimWorld): Invariant {
  const previewOf = (order: RevisionOrder | undefined) =>
    order && cloud.revisions.find((revision) => revision.purpose === 'preview' && revision.is(order));

  /** Others than previews have moved traffic since, or may have. */
  const wasMovedSince = (sinceMs: number) =>
    humanEdits.some(({ atMs }) => atMs > sinceMs) ||
    cloud.revisions.some(
      ({ purpose, createdMs, readyMs }) =>
        purpose === 'serve' && (createdMs > sinceMs || (readyMs ?? 0) > sinceMs),
    );

  const whyWrong = (runId: string, { code, text }: Reason) => {
    const run = records.runs.get(runId);
    if (!run || run.ref.service !== cloud.ref.service) return undefined;
    const sinceMs = run.createdAt.getTime() - 5_000;
    const since = cloud.revisions.filter(
      ({ purpose, readyMs, createdMs }) =>
        purpose === 'preview' && Math.max(createdMs, readyMs ?? 0) > sinceMs,
    );
    if (code === 'traffic-changed' && since.length > 0 && !wasMovedSince(sinceMs))
      return `${runId} of ${run.candidate.revision} ends, since ${text}: there were only previews`;
    const named = since.find(({ name }) => code === 'newer-revision' && text.includes(`${name} `));
    // People may have given it users since.
    if (humanEdits.some(({ atMs }) => atMs > sinceMs)) return undefined;
    return named && `${runId} of ${run.candidate.revision} ends, since ${text}: that is a preview`;
  };

  return {
    promise: 'a preview is no reason to move users, and none to refuse it',
    onCommit: ({ ref }) => {
      if (ref.collection.path === outbox.path) {
        const effect = records.effects.get(ref.id);
        const isOver = effect?.state === 'skipped' && effect.kind === 'rollback' && effect.outcome;
        return isOver && effect.runId !== undefined ? whyWrong(effect.runId, isOver) : undefined;
      }
      if (ref.collection.path !== runs.path) return undefined;
      const run = records.runs.get(ref.id);
      const reason = run?.reasons.find(({ code }) => code === 'traffic-changed');
      return run?.state === 'closed' && reason ? whyWrong(ref.id, reason) : undefined;
    },
    onWrite: (write) => {
      if (isManual(write.effectId)) return undefined;
      const { runId, kind } = partsOfEffect(write.effectId);
      const preview = previewOf(records.runs.get(runId)?.candidate);
      if (!preview || !gaining(write).includes(preview.name)) return undefined;
      return `${kind} gives users to ${preview.name}, which is a preview`;
    },
  };
}
