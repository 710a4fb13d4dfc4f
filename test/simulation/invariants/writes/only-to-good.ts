import { services } from '../../../../shared/contracts/records.ts';
import type { RevisionName } from '../../../../shared/domain/ids.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual, type LandedWrite, partsOfEffect } from '../invariant.ts';
import { gaining, givesBack } from './gaining.ts';

/**
 * Traffic goes to revisions that were recorded good and answer the writer's own probe, or to the candidate that the
 * run itself found good. Who takes a share back gives it to those who had it, whoever that was.
 */
export function onlyToGood({ records, cloud }: SimWorld): Invariant {
  // Of a name and its creation: another revision may have the name by now.
  const everGood = [...(records.serviceOf(cloud.ref)?.lastGood ?? [])];

  const whyNot = (name: RevisionName, write: LandedWrite): string | undefined => {
    const { kind, runId } = partsOfEffect(write.effectId);
    const revision = cloud.find(name);
    if (!revision?.isReady) return `${name} is not ready, or deleted`;
    const run = records.runs.get(runId);
    if (isManual(write.effectId) || givesBack(write, run?.candidate.revision)) return undefined;
    const failing = cloud.isFailing(name);
    if (kind !== 'rollback' && run && revision.is(run.candidate)) {
      if (records.decisions.get(`${runId}.health`)?.verdict !== 'pass')
        return `${name} has not passed its health stage`;
      const last = records.lastFact(runId)?.candidate?.kind;
      return failing && last === 'bad' ? `${name} fails, and was last seen to fail` : undefined;
    }
    if (!everGood.some((good) => revision.is(good))) return `${name} was never recorded good`;
    const target = [...records.intents.values()].some(
      (intent) => intent.effectId === write.effectId && intent.target === name,
    );
    const probed = write.process.probed.get(name);
    if (failing && (probed === 'bad' || (target && probed === undefined)))
      return `${name} fails, and the writer ${probed === 'bad' ? 'has seen it' : 'has not probed it'}`;
    return undefined;
  };

  return {
    promise: 'no automatic write gives traffic to a revision that is unverified, gone or seen failing',
    onCommit: ({ ref }) => {
      if (ref.collection.path === services.path)
        everGood.push(...(records.serviceOf(cloud.ref)?.lastGood ?? []));
      return undefined;
    },
    onWrite: (write) => {
      for (const name of gaining(write)) {
        const why = whyNot(name, write);
        if (why !== undefined) return why;
      }
      return undefined;
    },
  };
}
