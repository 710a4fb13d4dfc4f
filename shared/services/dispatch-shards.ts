import type { ServiceConfig } from '../contracts/config.ts';
import { documentIn } from '../contracts/document.ts';
import type { DispatchShards } from '../contracts/messages.ts';
import {
  decisions,
  type PlanHeadRecord,
  type PlannedShardRecord,
  planChunksOf,
  planHeadId,
  planHeadOf,
  type RunRecord,
} from '../contracts/records.ts';
import { countBy, perPriority } from '../domain/checks/gates.ts';
import { WriteConflictError } from '../domain/errors.ts';
import { decisionIdOf, hashOf, type RunId } from '../domain/ids.ts';
import { documentBytes, partsOf } from '../domain/parts-of.ts';
import { shareIn } from '../domain/service-state.ts';
import { createOnce } from '../ports/create-once.ts';
import type { Ports } from '../ports/ports.ts';
import { awaitReach } from './checks/await-reach.ts';
import { collectChecks } from './checks/collect-checks.ts';
import { loadHistories } from './checks/load-histories.ts';
import { loadPlanHead, planChunkId } from './checks/load-plan.ts';
import { loadClaims, loadShards } from './checks/load-shards.ts';
import { planRun } from './checks/plan-run.ts';
import { inRunSession } from './checks/run-session.ts';
import { buildFor, targetOf } from './checks/target-of.ts';
import { KnownBuilds } from './records/known-builds.ts';
import { loadServiceConfig } from './records/load-config.ts';
import { loadRun } from './records/load-run.ts';

/** The first faults suffice to show that a suite is broken. */
const keptProblems = 100;
const keptProblemLength = 500;

/**
 * Determines a run's checks and shards once, and wakes its workers. A repeated message finds the plan and wakes only
 * the missing workers.
 */
export async function dispatchShards({ runId }: DispatchShards, ports: Ports): Promise<void> {
  const { store, bus } = ports;
  const run = (await loadRun('dispatch-shards', runId, ports))?.data;
  if (!run || run.state === 'closed' || run.stage !== 'tests') return;
  const late = run.stageDeadlineAt !== undefined && run.stageDeadlineAt <= ports.clock.now();
  if (late || (await store.get(documentIn(decisions, decisionIdOf(runId, 'tests')))))
    return bus.publish('decide-stage', { runId, stage: 'tests' });
  const known = await loadPlanHead(store, runId);
  if (known) return wakeMissing(runId, known, ports);
  const config = await loadServiceConfig(store, run.configDigest, run.name);
  const head = await makePlan(runId, run, config, ports);
  if (head.shards === 0) return bus.publish('decide-stage', { runId, stage: 'tests' });
  for (let slot = 0; slot < head.workers; slot++)
    await bus.publish('execute-shard', { runId, slot, turn: 0 });
}

/** @returns the plan in force: that of the first process to store its head */
async function makePlan(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  ports: Ports,
): Promise<PlanHeadRecord> {
  const { head, shards } = await drawPlan(runId, run, config, ports);
  const chunks = partsOf(shards, (shard) => JSON.stringify(shard), { bytes: documentBytes });
  const digest = hashOf(JSON.stringify(shards));
  // Their ids are derived from their content: an existing document is the right one.
  for (const [n, chunk] of chunks.entries())
    await createOnce(ports.store, documentIn(planChunksOf(runId), planChunkId(digest, n)), { shards: chunk });
  const record = { ...head, digest, chunks: chunks.length };
  if (!(await createOnce(ports.store, documentIn(planHeadOf(runId), planHeadId), record))) {
    const made = await loadPlanHead(ports.store, runId);
    if (!made) throw new WriteConflictError(`the plan of run ${runId} has disappeared`);
    return made;
  }
  ports.log.info({ runId, checks: record.checks, shards: record.shards }, 'checks planned');
  return record;
}

async function drawPlan(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  ports: Ports,
): Promise<{ head: Omit<PlanHeadRecord, 'digest' | 'chunks'>; shards: readonly PlannedShardRecord[] }> {
  const { revision } = run.candidate;
  const at = { runId, run, config };
  const service = await awaitReach(revision, at, ports);
  const build = await buildFor(revision, config, new KnownBuilds(run.ref, ports.store));
  const target = service && targetOf(service, revision, runId, config, build);
  const nothing = { shards: 0, checks: 0, workers: 0, counted: perPriority(() => 0), problems: [], share: 0 };
  if (!service || !target) {
    const unreachable = `no URL reaches only ${revision}`;
    return { head: { ...nothing, unreachable, at: ports.clock.now() }, shards: [] };
  }
  const [{ checks, problems, warnings }, histories, stable] = await Promise.all([
    inRunSession(runId, run, ports, ({ over }) => collectChecks(config, target, over, ports)),
    loadHistories(run.serviceKey, ports),
    run.stable === undefined ? undefined : awaitReach(run.stable, at, ports),
  ]);
  const shards = planRun(checks, config, histories);
  const counted = checks.filter(({ quarantined }) => !quarantined);
  const head = {
    shards: shards.length,
    checks: checks.length,
    workers: Math.min(config.tests.workers, shards.length),
    counted: countBy(counted.map(({ suite }) => suite)),
    problems: kept(problems),
    warnings: warnings.length > 0 ? kept(warnings) : undefined,
    share: shareIn(service, revision),
    stable: stable && run.stable,
    at: ports.clock.now(),
  };
  return { head, shards };
}

function kept(problems: readonly string[]): string[] {
  return problems.slice(0, keptProblems).map((text) => text.slice(0, keptProblemLength));
}

/** As many workers as there is work for, minus those with a current claim. */
async function wakeMissing(runId: RunId, head: PlanHeadRecord, ports: Ports): Promise<void> {
  const { bus, clock } = ports;
  const done = new Set((await loadShards(ports.store, runId, ports.log)).map(({ i }) => i));
  if (done.size >= head.shards) return bus.publish('decide-stage', { runId, stage: 'tests' });
  const claims = await loadClaims(runId, ports);
  const now = clock.now();
  const alive = new Set(
    claims.filter(({ data }) => data.leaseUntil > now && !done.has(data.i)).map(({ data }) => data.slot),
  );
  const wanted = Math.min(head.workers, head.shards - done.size) - alive.size;
  const free = Array.from({ length: head.workers }, (_, slot) => slot).filter((slot) => !alive.has(slot));
  for (const slot of free.slice(0, Math.max(0, wanted)))
    await bus.publish('execute-shard', { runId, slot, turn: 0 });
}
