import type { ServiceConfig } from '../contracts/config.ts';
import { documentIn } from '../contracts/document.ts';
import { durationMs } from '../contracts/duration.ts';
import type { CheckHealth } from '../contracts/messages.ts';
import { stagePolicyOf, tickPauseMs } from '../contracts/policies.ts';
import {
  abortOf,
  cancelled,
  decisions,
  type HealthFactRecord,
  healthOf,
  type RunRecord,
  runs,
  waitingRuns,
} from '../contracts/records.ts';
import { retryAfterMs } from '../domain/health/assess-health.ts';
import { awaitsChecks } from '../domain/health/assess-restored.ts';
import { decisionIdOf, effectIdOf, type RevisionName, type RunId } from '../domain/ids.ts';
import { assessStage, overruledBy } from '../domain/runs/decide.ts';
import { isStageDecided } from '../domain/runs/next-run.ts';
import { isPartial, type StagePolicy } from '../domain/runs/stage-facts.ts';
import { isSoak, type Stage } from '../domain/stages.ts';
import { createOnce } from '../ports/create-once.ts';
import type { Ports } from '../ports/ports.ts';
import { isPauseOn, isWatched, pausedTickMs } from './health/is-watched.ts';
import { healthIdOf, loadHealthFact, loadHealthFacts } from './health/load-health-facts.ts';
import { Observer } from './health/observe-revision.ts';
import { Pacer } from './health/pacer.ts';
import { loadServiceConfig } from './records/load-config.ts';
import { loadControl } from './records/load-controls.ts';
import { loadRun } from './records/load-run.ts';
import { reachDecision } from './runs/reach-decision.ts';
import { registerAgain } from './runs/register-run.ts';
import { repeatChecks } from './runs/repeat-checks.ts';

/** The time limit of one message before its successor takes over: well under a push subscription's 600 s. */
const workBudgetMs = 240_000;
/** The pause of a run that is queued behind another before it checks again. */
const queuePollMs = 5_000;
/** How many looks of a stage may come early; the config limits the number of regular ones. */
const maxHurried = 100;

/**
 * Probes a run's revision tick by tick until the stored facts settle the stage, then requests its decision. Several
 * deliveries may work at once: each tick is a document that only the first can create, and all of them use the stored
 * documents.
 */
export async function checkHealth({ runId, nudge, burst }: CheckHealth, ports: Ports): Promise<void> {
  const run = (await loadRun('check-health', runId, ports))?.data;
  if (!run) return;
  // The process that decided in place may have died before it published that.
  if (run.state === 'closed') return nudge || burst ? undefined : decide(runId, run.stage, ports);
  const config = await loadServiceConfig(ports.store, run.configDigest, run.name);
  if (run.state === 'waiting') return waitForTurn(runId, run, config, ports);
  // Checks have a stage of their own; its revision is probed again only if they fail all alike.
  if (run.stage === 'tests' && !burst) return ports.bus.publish('dispatch-shards', { runId });
  if (isStageDecided(run)) return decide(runId, run.stage, ports);
  const facts = await loadHealthFacts(ports.store, runId, run.stage);
  // The process that looked after an earlier burst has finished, and does not look again after this one.
  const ended =
    burst === true &&
    assessStage({ stage: run.stage, health: facts }, stagePolicyOf(config, run.stage, run)).kind !==
      'probing';
  if ((nudge || burst) && !ended && (await isWatched(runId, run, facts, config, ports))) return;
  await probeUntilDecided(runId, run, config, facts, ports);
  // By then it is decided whether the revision is down; if not, its checks continue.
  if (burst) await ports.bus.publish('dispatch-shards', { runId });
}

/** Registers again once the revision has settled, until the run is the current one or closed. */
async function waitForTurn(runId: RunId, run: RunRecord, config: ServiceConfig, ports: Ports): Promise<void> {
  const { ref, configDigest, candidate, attempt, openedBy, build } = run;
  const revision = { name: candidate.revision, createTime: candidate.createTime };
  const startedMs = ports.clock.monotonicMs();
  let pauseMs = durationMs(config.health.interval);
  while (ports.clock.monotonicMs() - startedMs < workBudgetMs) {
    await ports.clock.sleep(pauseMs);
    const readiness = (await ports.run.getRevision(ref, revision.name))?.readiness.kind;
    if (readiness === 'pending') {
      if (pastDeadline(run, ports)) return decide(runId, run.stage, ports);
      continue;
    }
    await registerAgain({ ref, config, configDigest, revision, attempt, openedBy, build }, ports);
    const state = (await ports.store.get(documentIn(runs, runId)))?.data.state;
    if (state === 'closed') return;
    if (state === 'open') break;
    // Queued behind another run, which may take long.
    pauseMs = Math.max(pauseMs, queuePollMs);
  }
  await ports.bus.publish('check-health', { runId });
}

async function probeUntilDecided(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  stored: HealthFactRecord[],
  ports: Ports,
): Promise<void> {
  const { stage } = run;
  const policy = stagePolicyOf(config, stage, run);
  const observer = new Observer(runId, run, config, ports);
  const startedMs = ports.clock.monotonicMs();
  const pacer = new Pacer(stored.length > 0, ports);
  let facts = stored;
  for (let looks = 0; ; looks++) {
    const assess = (waitingRevision: RevisionName | undefined) =>
      assessStage({ stage, health: facts, waitingRevision }, policy);
    // An observation after an earlier burst says nothing about this one.
    let settled = (stage !== 'tests' || looks > 0) && assess(undefined).kind !== 'probing';
    // Nobody can have superseded a revision with all the traffic; a newer one may still be queued behind it.
    const quiet = isSoak(stage)
      ? facts.length === 0 && !isPartial(stage, policy.steps)
      : looks === 0 || facts.at(-1)?.share === 100;
    if (!settled && !quiet) {
      const { over, waitingRevision } = await loadSignals(runId, run, policy, ports);
      if (over) return decide(runId, stage, ports);
      settled = waitingRevision !== undefined && assess(waitingRevision).kind !== 'probing';
    }
    const late = pastDeadline(run, ports);
    const paused = (settled || late) && (await isPauseOn(run, facts, ports));
    const held = settled && paused && (await reachDecision(runId, run, ports)).decision === undefined;
    if (settled && !held) return decide(runId, stage, ports);
    // At least one look per message: a machine whose clock is ahead would otherwise never observe anything.
    if (looks > 0 && late && !paused) return decide(runId, stage, ports);
    if (ports.clock.monotonicMs() - startedMs > workBudgetMs)
      return ports.bus.publish('check-health', { runId });

    const pauseMs = paused ? pausedTickMs : tickPauseMs(config, stage, run.reasons);
    const hurriedMs = durationMs(config.health.interval);
    // Stable must be probed within each window of users' requests, however many looks there were.
    const askedMs = Math.max(hurriedMs, policy.requests.windowMs / 3);
    const longestMs = facts.at(-1)?.stable === undefined ? pauseMs : Math.min(pauseMs, askedMs);
    const nextMs = isHurried(facts) ? Math.min(pauseMs, hurriedMs) : longestMs;
    await pacer.sleep(Math.max(nextMs, retryAfterMs(facts, policy.health)));
    const seen = await observer.observe(facts);
    if (!seen) {
      if ((await loadSignals(runId, run, policy, ports)).over) return decide(runId, stage, ports);
      continue;
    }
    const n = facts.length;
    ports.log.info(
      { runId, stage, n, candidate: seen.candidate?.kind, stable: seen.stable?.kind },
      'health tick',
    );
    const isAwaited = awaitsChecks([...facts, { n, ...seen }], policy);
    const checks = isAwaited ? await repeatChecks(runId, run, config, ports) : undefined;
    const tick = { stage, n, ...seen, checks };
    await createOnce(ports.store, documentIn(healthOf(runId), healthIdOf(stage, n)), tick);
    // The stored tick counts, whichever process was first.
    const fact = await loadHealthFact(ports.store, runId, stage, n);
    if (fact && isFirstFault(run, facts, fact))
      await ports.bus.publish('route-traffic', { effectId: effectIdOf(runId, stage, 'rollback') });
    facts = fact ? [...facts, fact] : await loadHealthFacts(ports.store, runId, stage);
    pacer.looked();
  }
}

interface Signals {
  /** True: a newer run has taken over, a person has aborted this one, or another delivery has decided the stage. */
  readonly over: boolean;
  /** The newer revision that waits for the end of a soak. */
  readonly waitingRevision: RevisionName | undefined;
}

async function loadSignals(
  runId: RunId,
  { stage, authority }: RunRecord,
  policy: StagePolicy,
  { store }: Ports,
): Promise<Signals> {
  const [cancel, decision, abort, waiter] = await Promise.all([
    store.get(documentIn(cancelled, runId)),
    store.get(documentIn(decisions, decisionIdOf(runId, stage))),
    loadControl(abortOf(runId), store),
    isSoak(stage) ? store.get(documentIn(waitingRuns, runId)) : undefined,
  ]);
  const waitingRevision = waiter?.data.revision;
  const [supersededBy, aborted] = [cancel?.data.revision, abort?.data.reason];
  const by = overruledBy({ stage, supersededBy, aborted, waitingRevision, authority }, policy);
  return { over: decision !== undefined || by !== undefined, waitingRevision };
}

/** Wakes route-traffic early: it has nothing to do yet, but may need a cold start. */
function isFirstFault(
  { authority }: RunRecord,
  facts: readonly HealthFactRecord[],
  { candidate, share }: HealthFactRecord,
): boolean {
  const isBad = candidate?.kind === 'bad' && share > 0;
  return isBad && authority === 'full' && !facts.some((fact) => fact.candidate?.kind === 'bad');
}

/**
 * After a bad response, and while stable is probed because of users' requests, the next look comes as soon as in the
 * health stage; but not for a stage that has already had many early looks.
 */
function isHurried(facts: readonly HealthFactRecord[]): boolean {
  const isUrgent = ({ candidate, stable }: HealthFactRecord) =>
    candidate?.kind === 'bad' || stable !== undefined;
  return facts.slice(-1).some(isUrgent) && facts.filter(isUrgent).length <= maxHurried;
}

function pastDeadline(run: RunRecord, { clock }: Ports): boolean {
  return run.stageDeadlineAt !== undefined && clock.now() >= run.stageDeadlineAt;
}

function decide(runId: RunId, stage: Stage, { bus }: Ports): Promise<void> {
  return bus.publish('decide-stage', { runId, stage });
}
