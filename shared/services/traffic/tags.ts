import { documentIn } from '../../contracts/document.ts';
import { hasTagUrls } from '../../contracts/reach/further-urls.ts';
import { decisions, type EffectRecord, runs, services } from '../../contracts/records.ts';
import { decisionIdOf, type EffectId } from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import { missingTags } from '../../domain/traffic/plan-reach.ts';
import { planTags, planUntag, sameTraffic } from '../../domain/traffic/plan-traffic.ts';
import { isRunTag } from '../../domain/traffic/traffic-tags.ts';
import { type ReasonCode, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadRunOf } from '../records/load-effect.ts';
import type { EffectEnd } from './effect-end.ts';
import { type Unwritten, type Written, writeTraffic } from './write-traffic.ts';

/** Adds the tags that a run needs to reach candidate and stable, in one write. */
export async function addTags(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const { run, config } = await loadRunOf(effect, ports);
  const result = await writeTraffic(
    effectId,
    async (service) => {
      if (await isDecided(effect, ports))
        return { kind: 'skip', reason: { code: 'closed', text: 'the stage is decided' } };
      const stable = run.stable && (await ports.run.getRevision(effect.ref, run.stable));
      // A tag keeps a revision's minimum instances running: such a revision gets a tag for the run only.
      const standingTag = config.rollback.standingTag && stable?.minInstances === 0;
      const tags = missingTags(service, effect.runId, run.candidate.revision, run.stable, {
        standingTag,
        byTags: hasTagUrls(config),
        evenWhileReconciling: true,
      });
      if (tags.size === 0) return { kind: 'skip', reason: { code: 'reachable', text: 'no tag is missing' } };
      return {
        kind: 'write',
        traffic: planTags(service, tags),
        why: `reach ${[...tags.values()].join(' and ')}`,
      };
    },
    ports,
  );
  return endOf(result, 'tagged');
}

async function isDecided({ runId, stage }: RunEffect, { store }: Ports): Promise<boolean> {
  const run = await store.get(documentIn(runs, runId));
  if (run?.data.state !== 'open' || run.data.stage !== stage) return true;
  return (await store.get(documentIn(decisions, decisionIdOf(runId, stage)))) !== undefined;
}

/** Removes the tags of ended runs: each keeps its revision's instances alive. */
export async function removeTags(effectId: EffectId, effect: RunEffect, ports: Ports): Promise<EffectEnd> {
  const result = await writeTraffic(
    effectId,
    async (service) => {
      if (await hasOpenRun(effect, ports))
        return { kind: 'skip', reason: { code: 'in-use', text: 'a newer run needs its tags' } };
      const traffic = planUntag(service, isRunTag);
      if (sameTraffic(traffic, service.traffic))
        return { kind: 'skip', reason: { code: 'untagged', text: 'no tag of the guard is left' } };
      return { kind: 'write', traffic, why: 'the runs that needed these tags have ended' };
    },
    ports,
  );
  return endOf(result, 'untagged');
}

async function hasOpenRun({ serviceKey }: EffectRecord, { store }: Ports): Promise<boolean> {
  const current = (await store.get(documentIn(services, serviceKey)))?.data.currentRun;
  const run = current && (await store.get(documentIn(runs, current.runId)));
  return run !== undefined && run.data.state !== 'closed';
}

function endOf(result: Written | Unwritten, code: ReasonCode): EffectEnd {
  return result.kind === 'unwritten'
    ? result
    : { state: 'done', outcome: reason(code, `traffic tags: ${code}`) };
}
