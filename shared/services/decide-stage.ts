import type { ServiceConfig } from '../contracts/config.ts';
import { documentIn } from '../contracts/document.ts';
import type { DecideStage } from '../contracts/messages.ts';
import {
  type DecisionRecord,
  decisions,
  freezeOf,
  outbox,
  type RunRecord,
  runs,
  services,
} from '../contracts/records.ts';
import { WriteConflictError } from '../domain/errors.ts';
import { decisionIdOf, type EffectId, effectIdOf, type RunId } from '../domain/ids.ts';
import type { Decision } from '../domain/runs/decision.ts';
import type { StageFacts } from '../domain/runs/stage-facts.ts';
import { type EffectKind, isAwaited, type Stage } from '../domain/stages.ts';
import type { Action } from '../domain/verdict.ts';
import type { Ports } from '../ports/ports.ts';
import { create, type Stored, update, type Write } from '../ports/store.ts';
import { witnessRequests } from './checks/witness-requests.ts';
import { enterStage } from './records/enter-stage.ts';
import { loadServiceConfig } from './records/load-config.ts';
import { newEffect } from './records/new-effect.ts';
import { recordRejection } from './records/record-rejection.ts';
import { controlWrite } from './records/set-control.ts';
import { reachDecision } from './runs/reach-decision.ts';

/** When the sweep looks after a run whose effect is under way. */
const effectPatienceMs = 60_000;

/**
 * Decides a stage once. The decision, the outbox documents of everything that must now happen and the run's next
 * state are one batch; whoever comes later finds the decision and nudges the outbox again. Nobody relies on having
 * been first.
 */
export async function decideStage({ runId, stage }: DecideStage, ports: Ports): Promise<void> {
  const made = await ports.store.get(documentIn(decisions, decisionIdOf(runId, stage)));
  if (made) return nudge(runId, stage, made.data, ports);
  const run = await ports.store.get(documentIn(runs, runId));
  if (!run)
    return recordRejection('decide-stage', runId, { code: 'unknown-run', text: 'no such run' }, ports);
  if (run.data.state === 'closed' || run.data.stage !== stage) return;

  const config = await loadServiceConfig(ports.store, run.data.configDigest, run.data.name);
  const reached = await reachDecision(runId, run.data, ports);
  const isWitnessed =
    stage === 'tests' &&
    reached.decision?.verdict === 'pass' &&
    (await witnessRequests(runId, run.data, config, ports));
  const { facts, decision, awaitsHealth } = isWitnessed
    ? await reachDecision(runId, run.data, ports)
    : reached;
  // Whoever is at it goes on; a loop more for each message would pile up.
  // The workers of stage tests go on by themselves; where none is left, whoever was to ask for a look may be lost.
  if (!decision && stage === 'tests')
    return awaitsHealth ? ports.bus.publish('check-health', { runId, burst: true }) : undefined;
  if (!decision) return ports.bus.publish('check-health', { runId, nudge: true });
  const effects = effectsOf(runId, stage, decision);
  const disproved = await findDisproved(run.data, decision, ports);
  const freeze = await planFreeze(runId, run.data, decision, ports);
  try {
    await ports.store.commit([
      ...planWrites(runId, run, stage, facts, decision, effects, config, ports),
      ...disproved,
      ...freeze,
    ]);
  } catch (error) {
    // A newer read sees either the decision that won, or the change of the run that this one missed.
    if (error instanceof WriteConflictError) return ports.bus.publish('decide-stage', { runId, stage });
    throw error;
  }
  const { verdict, action, reasons } = decision;
  ports.log[decision.alert ? 'error' : 'info']({ runId, stage, verdict, action, reasons }, 'stage decided');
  await nudge(runId, stage, { effects, next: decision.next }, ports);
}

/** What was good once and is judged bad now is no target any more. */
async function findDisproved(
  { serviceKey, stage, candidate }: RunRecord,
  { verdict }: Decision,
  { store }: Ports,
): Promise<Write[]> {
  if (verdict !== 'fail' || stage === 'reverify') return [];
  const ref = documentIn(services, serviceKey);
  const service = await store.get(ref);
  const lastGood = service?.data.lastGood.filter((good) => good.revision !== candidate.revision);
  if (!service || !lastGood || lastGood.length === service.data.lastGood.length) return [];
  return [update(ref, service, { lastGood })];
}

function effectsOf(runId: RunId, stage: Stage, { action }: Decision): EffectId[] {
  const kind = effectOf(action);
  return kind === undefined ? [] : [effectIdOf(runId, stage, kind)];
}

/** The effect that an action amounts to; undefined: there is nothing to do. */
function effectOf(action: Action): EffectKind | undefined {
  return action === 'none' || action === 'hold' ? undefined : action;
}

function planWrites(
  runId: RunId,
  run: Stored<RunRecord>,
  stage: Stage,
  facts: StageFacts,
  decision: Decision,
  effects: EffectId[],
  config: ServiceConfig,
  { clock }: Ports,
): Write[] {
  const now = clock.now();
  const { verdict, reasons, action, next, short, alert } = decision;
  const kind = effectOf(action);
  const record: DecisionRecord = {
    runId,
    stage,
    verdict,
    reasons: [...reasons],
    action,
    next,
    short,
    alert,
    effects,
    facts: facts.health.length,
    startedAt: facts.startedAt,
    at: now,
  };
  const writes = [
    create(documentIn(decisions, decisionIdOf(runId, stage)), record),
    update(documentIn(runs, runId), run, nextRun(run.data, stage, decision, config, now)),
  ];
  if (kind !== undefined) {
    const { serviceKey, ref } = run.data;
    const effect = newEffect({ runId, serviceKey, ref, stage, kind }, now);
    writes.push(...effects.map((id) => create(documentIn(outbox, id), effect)));
  }
  return writes;
}

/** A run goes on to its next stage, waits for the effect that leads there, or ends. */
function nextRun(
  run: RunRecord,
  stage: Stage,
  decision: Decision,
  config: ServiceConfig,
  now: Date,
): Partial<{ [K in keyof RunRecord]: RunRecord[K] | undefined }> {
  const { verdict, action, next } = decision;
  const reasons = [...decision.reasons];
  if (awaitsEffect(action)) {
    const dueAt = new Date(now.getTime() + effectPatienceMs);
    const ending = verdict === 'pass' ? {} : { verdict, reasons };
    return { ...ending, action, alert: decision.alert, dueAt, stageDeadlineAt: undefined };
  }
  if (next) return enterStage(next, config, now);
  const alert = decision.alert || run.alert === true;
  const closing = {
    state: 'closed' as const,
    alert,
    closedAt: now,
    dueAt: undefined,
    stageDeadlineAt: undefined,
  };
  // What a person wants to know of a run that passed is that it gave its revision traffic.
  const told = verdict === 'pass' && awaitsEffect(run.action) ? run.action : action;
  if (stage !== 'reverify') return { ...closing, verdict, reasons, action: told };
  const code = reverified[verdict];
  return { ...closing, verdict: run.verdict ?? verdict, outcome: { code, text: reasons[0]?.text ?? code } };
}

function awaitsEffect(action: Action): boolean {
  const kind = effectOf(action);
  return kind !== undefined && isAwaited(kind);
}

/** How a rollback ended, by the verdict of its re-verification. */
const reverified = {
  pass: 'restored',
  fail: 'unrestored',
  inconclusive: 'unverified',
  superseded: 'superseded',
} as const;

async function planFreeze(
  runId: RunId,
  { serviceKey }: RunRecord,
  { freeze }: Decision,
  { store, clock }: Ports,
): Promise<Write[]> {
  if (freeze === undefined) return [];
  const ref = freezeOf(serviceKey);
  return [controlWrite(ref, await store.get(ref), { reason: freeze, runId, at: clock.now() })];
}

/** A stage that follows at once is begun here; one that an effect leads to is begun when that has ended. */
async function nudge(
  runId: RunId,
  stage: Stage,
  { effects, next }: Pick<DecisionRecord, 'effects' | 'next'>,
  { bus }: Ports,
): Promise<void> {
  for (const effectId of effects) await bus.publish('route-traffic', { effectId });
  if (stage === 'tests') await bus.publish('record-history', { runId });
  if (next === undefined || effects.length > 0) return;
  if (next === 'tests') await bus.publish('dispatch-shards', { runId });
  else await bus.publish('check-health', { runId });
}
