import type { ServiceConfig } from '../contracts/config.ts';
import { documentIn } from '../contracts/document.ts';
import { durationMs } from '../contracts/duration.ts';
import type { CheckHealth } from '../contracts/messages.ts';
import { stagePolicyOf } from '../contracts/policies.ts';
import {
  cancelled,
  decisions,
  type HealthFactRecord,
  healthOf,
  type RunRecord,
  runs,
} from '../contracts/records.ts';
import { assessHealth } from '../domain/assess-health.ts';
import { WriteConflictError } from '../domain/errors.ts';
import { decisionIdOf, type RunId } from '../domain/ids.ts';
import type { Stage } from '../domain/stages.ts';
import type { Ports } from '../ports/ports.ts';
import { create } from '../ports/store.ts';
import { loadServiceConfig } from './load-config.ts';
import { healthIdOf, loadHealthFact, loadHealthFacts } from './load-health-facts.ts';
import { Observer } from './observe-revision.ts';
import { recordRejection } from './record-rejection.ts';
import { registerRun } from './register-run.ts';

/** How long one message is worked on before a successor takes over: well under a push subscription's 600 s. */
const workBudgetMs = 240_000;

/**
 * Probes a run's revision tick by tick until the stored facts settle the stage, then has it decided. Several
 * deliveries may work at once: each tick is a document that only the first can create, and all go by the documents.
 */
export async function checkHealth({ runId, nudge }: CheckHealth, ports: Ports): Promise<void> {
  const stored = await ports.store.get(documentIn(runs, runId));
  if (!stored)
    return recordRejection(
      'check-health',
      runId,
      { code: 'unknown-run', text: 'there is no such run' },
      ports,
    );
  const run = stored.data;
  if (run.state === 'closed') return;
  const config = await loadServiceConfig(ports.store, run.configDigest, run.name);
  if (run.state === 'waiting') return waitForTurn(runId, run, config, ports);
  if (await ports.store.get(documentIn(decisions, decisionIdOf(runId, run.stage))))
    return decide(runId, run.stage, ports);
  const facts = await loadHealthFacts(ports.store, runId, run.stage);
  if (nudge && isAlive(facts, config, ports)) return;
  await probeUntilSettled(runId, run, config, facts, ports);
}

/** Registers again once the revision is settled, until the run is the current one or closed. */
async function waitForTurn(runId: RunId, run: RunRecord, config: ServiceConfig, ports: Ports): Promise<void> {
  const { ref, configDigest, candidate, attempt, openedBy, build } = run;
  const revision = { name: candidate.revision, createTime: candidate.createTime };
  const startedMs = ports.clock.monotonicMs();
  do {
    await ports.clock.sleep(durationMs(config.health.interval));
    if ((await ports.run.getRevision(ref, revision.name))?.readiness.kind !== 'pending') break;
    if (pastDeadline(run, ports)) return decide(runId, run.stage, ports);
  } while (ports.clock.monotonicMs() - startedMs < workBudgetMs);
  await registerRun({ ref, config, configDigest, revision, attempt, openedBy, build }, ports);
}

async function probeUntilSettled(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  stored: HealthFactRecord[],
  ports: Ports,
): Promise<void> {
  const { stage } = run;
  const policy = { ...stagePolicyOf(config).health, patient: stage === 'reverify' };
  const observer = new Observer(runId, run, config, ports);
  const startedMs = ports.clock.monotonicMs();
  let facts = stored;
  for (let looks = 0; ; looks++) {
    if (assessHealth(facts, policy).kind !== 'probing') return decide(runId, stage, ports);
    // At least one look for each message: a machine whose clock runs ahead would otherwise never see anything.
    if (looks > 0 && pastDeadline(run, ports)) return decide(runId, stage, ports);
    // Nobody can have taken over from a revision that has all the traffic.
    const unchallenged = facts.at(-1)?.share === 100;
    if (looks > 0 && !unchallenged && (await isOver(runId, stage, ports))) return decide(runId, stage, ports);
    if (ports.clock.monotonicMs() - startedMs > workBudgetMs)
      return ports.bus.publish('check-health', { runId });

    await sleepUntilDue(facts, config, ports);
    const seen = await observer.observe();
    if (!seen) {
      if (await isOver(runId, stage, ports)) return decide(runId, stage, ports);
      continue;
    }
    const n = facts.length;
    ports.log.info(
      { runId, stage, n, candidate: seen.candidate?.kind, stable: seen.stable?.kind },
      'health tick',
    );
    try {
      await ports.store.commit([
        create(documentIn(healthOf(runId), healthIdOf(stage, n)), { stage, n, ...seen }),
      ]);
    } catch (error) {
      if (!(error instanceof WriteConflictError)) throw error;
    }
    // What counts is what is stored, whoever was first.
    const fact = await loadHealthFact(ports.store, runId, stage, n);
    facts = fact ? [...facts, fact] : await loadHealthFacts(ports.store, runId, stage);
  }
}

/** True: the last tick is so young that the next one is on its way. */
function isAlive(facts: readonly HealthFactRecord[], { health }: ServiceConfig, { clock }: Ports): boolean {
  const last = facts.at(-1);
  const tickMs = durationMs(health.interval) + 2 * durationMs(health.timeout);
  return last !== undefined && Math.abs(clock.now().getTime() - last.at.getTime()) < 2 * tickMs;
}

/** True: a newer run has taken over, or another delivery had the stage decided. */
async function isOver(runId: RunId, stage: Stage, { store }: Ports): Promise<boolean> {
  const [cancel, decision] = await Promise.all([
    store.get(documentIn(cancelled, runId)),
    store.get(documentIn(decisions, decisionIdOf(runId, stage))),
  ]);
  return cancel !== undefined || decision !== undefined;
}

async function sleepUntilDue(
  facts: readonly HealthFactRecord[],
  config: ServiceConfig,
  { clock }: Ports,
): Promise<void> {
  const last = facts.at(-1);
  if (!last) return;
  const intervalMs = durationMs(config.health.interval);
  const sinceMs = clock.now().getTime() - last.at.getTime();
  // Another machine wrote `last.at`: its clock may be off, so never wait longer than the interval.
  await clock.sleep(Math.min(intervalMs, Math.max(0, intervalMs - sinceMs)));
}

function pastDeadline(run: RunRecord, { clock }: Ports): boolean {
  return run.stageDeadlineAt !== undefined && clock.now() >= run.stageDeadlineAt;
}

function decide(runId: RunId, stage: Stage, { bus }: Ports): Promise<void> {
  return bus.publish('decide-stage', { runId, stage });
}
