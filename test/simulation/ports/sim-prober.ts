import type { RevisionName } from '../../../shared/domain/ids.ts';
import { mostServed, servingSplit } from '../../../shared/domain/service-state.ts';
import type { ProbeAnswer, Prober } from '../../../shared/ports/prober.ts';
import { answers } from '../../world/fake-cloud.ts';
import { partsOf } from '../cloud/serving-of.ts';
import type { SimCloud } from '../cloud/sim-cloud.ts';
import type { SimProcess } from '../kernel/sim-process.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Call } from './call.ts';

/** Probes as one process makes them: whichever revision answers, answers by its truth at that moment. */
export function simProberOf(
  process: SimProcess,
  call: Call,
  sleep: (ms: number) => Promise<void>,
  world: SimWorld,
): Prober {
  const { kernel } = world;
  return {
    probe: async ({ url }) => {
      const { tag, service } = partsOf(url);
      const { cloud } = world.around({ service });
      const answer = await call('prober.probe', url, (): ProbeAnswer => {
        const revision = cloud.find(cloud.routes.resolve(tag, kernel.nowMs));
        if (!revision) return answers.platformNotFound();
        const failing = cloud.isFailing(revision.name);
        process.probed.set(ownerOf(tag, cloud) ?? revision.name, failing ? 'bad' : 'good');
        const answer = cloud.answer(revision);
        world.log.tell(process.name, `  ${revision.name} answers ${failing ? sayOf(answer) : 'good'}`);
        cloud.logs.probed(revision.name, answer.kind === 'answer' ? answer.status : 504, kernel.nowMs);
        return dated(answer, kernel.nowMs);
      });
      if (answer.latencyMs > 1_000) await sleep(answer.latencyMs);
      return answer;
    },
  };
}

/** Google's front end dates every answer, whatever the caller's clock says. */
function dated(answer: ProbeAnswer, nowMs: number): ProbeAnswer {
  if (answer.kind !== 'answer') return answer;
  return { ...answer, headers: { ...answer.headers, date: new Date(nowMs).toUTCString() } };
}

/** Whom the caller means to ask. */
function ownerOf(tag: string, cloud: SimCloud): RevisionName | undefined {
  const state = cloud.state();
  return tag === ''
    ? mostServed(servingSplit(state))
    : state.serving.find((target) => target.tag === tag)?.revision;
}

function sayOf(answer: ProbeAnswer): string {
  return answer.kind === 'answer' ? `${answer.status} ${answer.body}` : answer.cause;
}
