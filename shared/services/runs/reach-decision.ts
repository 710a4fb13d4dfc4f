import { documentIn } from '../../contracts/document.ts';
import { stagePolicyOf } from '../../contracts/policies.ts';
import {
  abortOf,
  cancelled,
  pauseOf,
  type RunRecord,
  services,
  waitingRuns,
} from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import { pinOn } from '../../domain/records/pin-on.ts';
import { decide } from '../../domain/runs/decide.ts';
import { isBurstOpen } from '../../domain/runs/decide-tests.ts';
import type { Decision } from '../../domain/runs/decision.ts';
import { unverifiedIn } from '../../domain/runs/review-standing.ts';
import type { StageFacts } from '../../domain/runs/stage-facts.ts';
import { isSoak } from '../../domain/stages.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadTestFacts } from '../checks/load-test-facts.ts';
import { loadHealthFacts } from '../health/load-health-facts.ts';
import { loadServiceConfig } from '../records/load-config.ts';
import { loadControl, whyFrozen } from '../records/load-controls.ts';

/**
 * What the stored facts amount to.
 * @returns awaitsHealth: all checks are in, and only the revision's health is wanting
 */
export async function reachDecision(
  runId: RunId,
  run: RunRecord,
  ports: Pick<Ports, 'store' | 'clock' | 'log'>,
): Promise<{ facts: StageFacts; decision: Decision | undefined; awaitsHealth: boolean }> {
  const { store, clock } = ports;
  const { stage, serviceKey } = run;
  const config = await loadServiceConfig(store, run.configDigest, run.name);
  const [cancel, waiter, abort, pause, frozen, service, health, tests] = await Promise.all([
    store.get(documentIn(cancelled, runId)),
    isSoak(stage) ? store.get(documentIn(waitingRuns, runId)) : undefined,
    loadControl(abortOf(runId), store),
    loadControl(pauseOf(serviceKey), store),
    whyFrozen(serviceKey, store),
    store.get(documentIn(services, serviceKey)),
    loadHealthFacts(store, runId, stage),
    stage === 'tests' ? loadTestFacts(runId, config, ports) : undefined,
  ]);
  const facts: StageFacts = {
    stage,
    startedAt: run.stageStartedAt,
    health,
    tests: tests?.facts,
    share: health.at(-1)?.share ?? tests?.head?.share ?? 0,
    supersededBy: cancel?.data.revision,
    waitingRevision: waiter?.data.revision,
    aborted: abort?.data.reason,
    frozen,
    paused: pause !== undefined,
    pinnedBy: pinOn({ traffic: run.expectedTraffic ?? [], latest: run.expectedLatest }, service?.data)?.owner,
    unverified: stage === 'reverify' ? unverifiedIn(run, service?.data) : undefined,
    shifted: run.baseline !== undefined,
    deadlinePassed: run.stageDeadlineAt !== undefined && clock.now() >= run.stageDeadlineAt,
    authority: run.authority,
  };
  const policy = stagePolicyOf(config, stage, run);
  const decision = decide(facts, policy);
  const complete = tests?.head !== undefined && tests.facts.shardsIn >= tests.head.shards;
  return { facts, decision, awaitsHealth: !decision && complete && isBurstOpen(facts, policy) };
}
