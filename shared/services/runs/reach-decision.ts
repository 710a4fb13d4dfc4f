import { documentIn } from '../../contracts/document.ts';
import { stagePolicyOf } from '../../contracts/policies.ts';
import {
  cancelled,
  type RunRecord,
  type ServiceRecord,
  services,
  waitingRuns,
} from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import { pinInForce } from '../../domain/records/pin-in-force.ts';
import { decide } from '../../domain/runs/decide.ts';
import { isBurstOpen } from '../../domain/runs/decide-tests.ts';
import type { Decision } from '../../domain/runs/decision.ts';
import { unverifiedIn } from '../../domain/runs/review-standing.ts';
import type { StageFacts } from '../../domain/runs/stage-facts.ts';
import { isSoak } from '../../domain/stages.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Stored } from '../../ports/store.ts';
import { loadTestFacts } from '../checks/load-test-facts.ts';
import { loadHealthFacts } from '../health/load-health-facts.ts';
import { loadServiceConfig } from '../records/load-config.ts';
import { loadControls, whyFrozen } from '../records/load-controls.ts';

export interface Reached {
  readonly facts: StageFacts;
  readonly decision: Decision | undefined;
  /** True: all checks are stored, and only the revision's health is missing. */
  readonly awaitsHealth: boolean;
  /** The record of the run's service. */
  readonly service: Stored<ServiceRecord> | undefined;
}

/** The decision that follows from the stored facts. */
export async function reachDecision(
  runId: RunId,
  run: RunRecord,
  ports: Pick<Ports, 'store' | 'clock' | 'log'>,
): Promise<Reached> {
  const { store, clock } = ports;
  const { stage, serviceKey } = run;
  const config = await loadServiceConfig(store, run.configDigest, run.name);
  const [cancel, waiter, controls, service, health, tests] = await Promise.all([
    store.get(documentIn(cancelled, runId)),
    isSoak(stage) ? store.get(documentIn(waitingRuns, runId)) : undefined,
    loadControls(serviceKey, runId, store),
    store.get(documentIn(services, serviceKey)),
    loadHealthFacts(store, runId, stage),
    stage === 'tests' ? loadTestFacts(runId, config, ports) : undefined,
  ]);
  const pin = pinInForce({ traffic: run.expectedTraffic ?? [], latest: run.expectedLatest }, service?.data);
  const facts: StageFacts = {
    stage,
    startedAt: run.stageStartedAt,
    health,
    tests: tests?.facts,
    share: health.at(-1)?.share ?? tests?.head?.share ?? 0,
    supersededBy: cancel?.data.revision,
    waitingRevision: waiter?.data.revision,
    aborted: controls.abort?.reason,
    frozen: whyFrozen(controls),
    paused: controls.pause !== undefined,
    pinnedBy: pin?.owner,
    pinnedTo: pin?.target,
    unverified: stage === 'reverify' ? unverifiedIn(run, service?.data) : undefined,
    shifted: run.baseline !== undefined,
    deadlinePassed: run.stageDeadlineAt !== undefined && clock.now() >= run.stageDeadlineAt,
    authority: run.authority,
  };
  const policy = stagePolicyOf(config, stage, run);
  const decision = decide(facts, policy);
  const complete = tests?.head !== undefined && tests.facts.shardsIn >= tests.head.shards;
  return { facts, decision, service, awaitsHealth: !decision && complete && isBurstOpen(facts, policy) };
}
