import type { CheckResult } from '../../../shared/domain/checks/check-result.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { CheckBatch, CheckRunner } from '../../../shared/ports/check-runner.ts';
import { failsCheck, kindOfCheck, slowSuffix } from '../cloud/check-truth.ts';
import { partsOf } from '../cloud/serving-of.ts';
import type { SimProcess } from '../kernel/sim-process.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Call } from './call.ts';

/** What one execution takes: now and then long enough for turns of slots and for leases to end. */
const durationsMs = [200, 500, 1_000, 4_000, 20_000] as const;

/** Checks as one process executes them: whichever revision the URL leads to at that moment, answers. */
export function simChecksOf(
  process: SimProcess,
  call: Call,
  sleep: (ms: number) => Promise<void>,
  world: SimWorld,
): CheckRunner {
  return {
    environment: 'process',
    collect: (suite) =>
      call('checks.collect', suite.name, () => ({
        checks: suite.kind === 'command' ? [] : suite.checks.map(({ name }) => ({ id: name })),
        problems: [],
      })),
    async run(batch, tell, signal) {
      for (const id of batch.ids) {
        if (signal.aborted) return;
        const result = await call('checks.run', id, () => execute(id, batch, process, world));
        await sleep(result?.durationMs ?? durationsMs[2]);
        if (result && !signal.aborted) tell(result);
      }
    },
  };
}

/** @returns undefined: it is never told */
function execute(
  id: string,
  { attempt, target, work }: CheckBatch,
  process: SimProcess,
  world: SimWorld,
): CheckResult | undefined {
  const { url, runId, revision: meant } = target;
  const { kernel, log, records } = world;
  const { tag, service } = partsOf(url);
  const around = world.around({ service });
  const { cloud } = around;
  const revision = cloud.find(cloud.routes.resolve(tag, kernel.nowMs));
  const pace = id.endsWith(slowSuffix) ? 8 : 1;
  const durationMs =
    pace * (durationsMs[(id.length + attempt + (kernel.nowMs % 7)) % durationsMs.length] ?? 200);
  log.tell(process.name, `  ${id} of ${runId} asks ${revision?.name ?? 'nobody'} for ${meant}`);
  const result = answerOf(id, attempt, revision?.name, durationMs, around);
  const execution = { meant, answeredBy: revision?.name, outcome: result?.outcome };
  records.noteCheck(runId, id, execution, cloud.isFailing(meant));
  world.invariants.onCheck({ runId, id, process, inShard: work !== undefined, atMs: kernel.nowMs });
  return result;
}

/** @param name who answers; absent: nobody */
function answerOf(
  id: string,
  attempt: number,
  name: RevisionName | undefined,
  durationMs: number,
  { cloud }: SimWorld,
): CheckResult | undefined {
  const kind = kindOfCheck(id);
  if (kind === 'lost') return undefined;
  if (kind === 'errored') return { id, outcome: 'errored', durationMs };
  if (name === undefined || cloud.isFailing(name))
    return { id, outcome: 'failed', durationMs, signature: 'http-503' };
  const flakes = kind === 'flaky' && attempt === 1;
  return { id, outcome: flakes || failsCheck(id, name) ? 'failed' : 'passed', durationMs };
}
