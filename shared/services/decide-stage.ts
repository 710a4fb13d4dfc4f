import { documentIn } from '../contracts/document.ts';
import type { DecideStage } from '../contracts/messages.ts';
import { stagePolicyOf } from '../contracts/policies.ts';
import {
  cancelled,
  type DecisionRecord,
  decisions,
  type FreezeRecord,
  freezes,
  outbox,
  type RunRecord,
  runs,
  services,
} from '../contracts/records.ts';
import { type Decision, decideStage as decide, type StageFacts } from '../domain/decide-stage.ts';
import { WriteConflictError } from '../domain/errors.ts';
import { decisionIdOf, type EffectId, effectIdOf, type RunId } from '../domain/ids.ts';
import type { Stage } from '../domain/stages.ts';
import type { Ports } from '../ports/ports.ts';
import { create, type Stored, update, type Write } from '../ports/store.ts';
import { loadServiceConfig } from './load-config.ts';
import { loadHealthFacts } from './load-health-facts.ts';
import { newEffect } from './new-effect.ts';
import { recordRejection } from './record-rejection.ts';

/** When the sweep looks after a run whose effect is under way. */
const effectPatienceMs = 60_000;

/**
 * Decides a stage once. The decision, the outbox documents of everything that must now happen and the run's next
 * state are one batch; whoever comes later finds the decision and nudges the outbox again. Nobody relies on having
 * been first.
 */
export async function decideStage({ runId, stage }: DecideStage, ports: Ports): Promise<void> {
  const made = await ports.store.get(documentIn(decisions, decisionIdOf(runId, stage)));
  if (made) return nudge(made.data.effects, ports);
  const run = await ports.store.get(documentIn(runs, runId));
  if (!run)
    return recordRejection(
      'decide-stage',
      runId,
      { code: 'unknown-run', text: 'there is no such run' },
      ports,
    );
  if (run.data.state === 'closed' || run.data.stage !== stage) return;

  const { facts, decision, frozen } = await reachDecision(runId, run.data, ports);
  if (!decision) return ports.bus.publish('check-health', { runId });
  const effects = effectsOf(runId, stage, decision);
  const disproved = await findDisproved(run.data, decision, ports);
  try {
    await ports.store.commit([
      ...planWrites(runId, run, stage, facts, decision, effects, frozen, ports),
      ...disproved,
    ]);
  } catch (error) {
    // A newer read sees either the decision that won, or the change of the run that this one missed.
    if (error instanceof WriteConflictError) return ports.bus.publish('decide-stage', { runId, stage });
    throw error;
  }
  const { verdict, action, reasons } = decision;
  ports.log[decision.alert ? 'error' : 'info']({ runId, stage, verdict, action, reasons }, 'stage decided');
  await nudge(effects, ports);
}

/** What the stored facts amount to; route-traffic asks the same before it writes. */
export async function reachDecision(
  runId: RunId,
  run: RunRecord,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<{ facts: StageFacts; decision: Decision | undefined; frozen: Stored<FreezeRecord> | undefined }> {
  const config = await loadServiceConfig(store, run.configDigest, run.name);
  const cancel = await store.get(documentIn(cancelled, runId));
  const frozen = await store.get(documentIn(freezes, run.serviceKey));
  const facts: StageFacts = {
    stage: run.stage,
    startedAt: run.stageStartedAt,
    health: await loadHealthFacts(store, runId, run.stage),
    supersededBy: cancel?.data.revision,
    frozen: frozen && !frozen.data.liftedAt ? frozen.data.reason : undefined,
    deadlinePassed: run.stageDeadlineAt !== undefined && clock.now() >= run.stageDeadlineAt,
    authority: run.authority,
  };
  return { facts, decision: decide(facts, stagePolicyOf(config)), frozen };
}

/** What was good once and is judged bad now is no target any more. */
async function findDisproved(
  { serviceKey, stage, candidate }: RunRecord,
  { verdict }: Decision,
  { store }: Ports,
): Promise<Write[]> {
  if (verdict !== 'fail' || stage !== 'health') return [];
  const ref = documentIn(services, serviceKey);
  const service = await store.get(ref);
  const lastGood = service?.data.lastGood.filter((good) => good.revision !== candidate.revision);
  if (!service || !lastGood || lastGood.length === service.data.lastGood.length) return [];
  return [update(ref, service, { lastGood })];
}

function effectsOf(runId: RunId, stage: Stage, decision: Decision): EffectId[] {
  return decision.action === 'none' ? [] : [effectIdOf(runId, stage, decision.action)];
}

function planWrites(
  runId: RunId,
  run: Stored<RunRecord>,
  stage: Stage,
  facts: StageFacts,
  decision: Decision,
  effects: EffectId[],
  frozen: Stored<FreezeRecord> | undefined,
  { clock }: Ports,
): Write[] {
  const now = clock.now();
  const { verdict, reasons, action, alert } = decision;
  const record: DecisionRecord = {
    runId,
    stage,
    verdict,
    reasons: [...reasons],
    action,
    alert,
    effects,
    facts: facts.health.length,
    startedAt: facts.startedAt,
    at: now,
  };
  const writes = [
    create(documentIn(decisions, decisionIdOf(runId, stage)), record),
    update(documentIn(runs, runId), run, nextRun(run.data, stage, decision, now)),
  ];
  if (action !== 'none') {
    const { serviceKey, ref } = run.data;
    const effect = newEffect({ runId, serviceKey, ref, stage, kind: action }, now);
    writes.push(...effects.map((id) => create(documentIn(outbox, id), effect)));
  }
  if (decision.freeze !== undefined) writes.push(freezeWrite(run.data, runId, decision.freeze, frozen, now));
  return writes;
}

/** A rollback keeps the run open until it is re-verified; everything else ends it. */
function nextRun(run: RunRecord, stage: Stage, decision: Decision, now: Date): Partial<RunRecord> {
  const { verdict, reasons, action } = decision;
  if (action === 'rollback') {
    return {
      verdict,
      reasons: [...reasons],
      action,
      dueAt: new Date(now.getTime() + effectPatienceMs),
      stageDeadlineAt: undefined,
    };
  }
  const closing = { state: 'closed' as const, closedAt: now, dueAt: undefined, stageDeadlineAt: undefined };
  if (stage === 'health') return { ...closing, verdict, reasons: [...reasons], action };
  const code = reverified[verdict];
  return { ...closing, verdict: run.verdict ?? verdict, outcome: { code, text: reasons[0]?.text ?? code } };
}

/** How a rollback ended, by the verdict of its re-verification. */
const reverified = {
  pass: 'restored',
  fail: 'unrestored',
  inconclusive: 'unverified',
  superseded: 'superseded',
} as const;

function freezeWrite(
  run: RunRecord,
  runId: RunId,
  reason: string,
  frozen: Stored<FreezeRecord> | undefined,
  now: Date,
): Write {
  const ref = documentIn(freezes, run.serviceKey);
  const fields = { reason, runId, at: now };
  return frozen ? update(ref, frozen, { ...fields, liftedAt: undefined }) : create(ref, fields);
}

async function nudge(effects: readonly EffectId[], { bus }: Ports): Promise<void> {
  for (const effectId of effects) await bus.publish('route-traffic', { effectId });
}
