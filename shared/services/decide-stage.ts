import type { ServiceConfig } from '../contracts/config.ts';
import { documentIn } from '../contracts/document.ts';
import type { DecideStage } from '../contracts/messages.ts';
import { stageTimeoutMs } from '../contracts/policies.ts';
import {
  type DecisionRecord,
  decisions,
  freezeOf,
  outbox,
  type RunRecord,
  runs,
  type ServiceRecord,
  services,
} from '../contracts/records.ts';
import { decisionIdOf, type EffectId, effectIdOf, type RunId } from '../domain/ids.ts';
import { eventOf } from '../domain/notices/asked-notices.ts';
import { newEffect } from '../domain/records/effect.ts';
import type { Decision } from '../domain/runs/decision.ts';
import { effectOf, isDisproof, isStageDecided, nextRun } from '../domain/runs/next-run.ts';
import type { StageFacts } from '../domain/runs/stage-facts.ts';
import { isAwaited, type Stage } from '../domain/stages.ts';
import type { Ports } from '../ports/ports.ts';
import { create, type Stored, update, type Write } from '../ports/store.ts';
import { tryCommit } from '../ports/try-commit.ts';
import { lifts } from '../wording/mend-of.ts';
import { witnessRequests } from './checks/witness-requests.ts';
import { askAnew, askForNotices, eventOfRun, eventWrites, runNoticeWrites } from './notices/write-notices.ts';
import { loadServiceConfig } from './records/load-config.ts';
import { loadGroup } from './records/load-group.ts';
import { loadRun } from './records/load-run.ts';
import { controlWrite } from './records/set-control.ts';
import { planInquiries } from './runs/plan-inquiries.ts';
import { reachDecision } from './runs/reach-decision.ts';

/**
 * Decides a stage once. The decision, the outbox documents of its effects and the run's next state are one batch; later
 * callers find the decision and nudge the outbox again. Correctness never depends on having been first.
 */
export async function decideStage({ runId, stage }: DecideStage, ports: Ports): Promise<void> {
  const run = await loadRun('decide-stage', runId, ports);
  if (!run) return;
  if (run.data.state === 'closed' || run.data.stage !== stage || isStageDecided(run.data))
    return nudgeAgain(runId, run.data, stage, ports);

  const config = await loadServiceConfig(ports.store, run.data.configDigest, run.data.name);
  const reached = await reachDecision(runId, run.data, ports);
  const isWitnessed =
    stage === 'tests' &&
    reached.decision?.verdict === 'pass' &&
    (await witnessRequests(runId, run.data, config, ports));
  const { facts, decision, awaitsHealth, service } = isWitnessed
    ? await reachDecision(runId, run.data, ports)
    : reached;
  // A process that is working on the run continues; one more loop per message would add up.
  // The workers of stage tests continue by themselves; without workers, the process that was to request a look may be
  // gone.
  if (!decision && stage === 'tests')
    return awaitsHealth ? ports.bus.publish('check-health', { runId, burst: true }) : undefined;
  if (!decision) return ports.bus.publish('check-health', { runId, nudge: true });
  const effects = effectsOf(runId, stage, decision);
  const disproved = planDisproof(run.data, service, decision);
  const freeze = await planFreeze(runId, run.data, stage, decision, config, ports);
  const told = planNotices(runId, run.data, stage, facts, decision, config, ports);
  const inquiries = planInquiries(runId, run.data, stage, decision, config.audits, ports.clock.now());
  const writes = [...planWrites(runId, run, stage, facts, decision, effects, config, ports), ...inquiries];
  // A later read sees either the decision that was stored first, or the change of the run that this call missed.
  if (!(await tryCommit(ports.store, [...writes, ...disproved, ...freeze, ...told])))
    return ports.bus.publish('decide-stage', { runId, stage });
  const { verdict, action, reasons } = decision;
  ports.log[decision.alert ? 'error' : 'info']({ runId, stage, verdict, action, reasons }, 'stage decided');
  await nudge(runId, stage, { effects, next: decision.next }, ports);
  await askForNotices([...freeze, ...told], ports);
  if (decision.verdict !== 'pass' || decision.next === undefined) await askAnew(runId, config, told, ports);
  // With a change of traffic, that comes first: its end asks for them.
  if (isTrafficMoved(decision)) return;
  if (inquiries.length > 0 || (await wantsVersions(run.data, decision, ports)))
    await ports.bus.publish('diagnose', { runId });
}

/** Others are told in the end: what is asked for here is a part of the decision's batch, and reads nothing. */
function planNotices(
  runId: RunId,
  run: RunRecord,
  stage: Stage,
  { share }: StageFacts,
  decision: Decision,
  config: ServiceConfig,
  { clock }: Ports,
): Write[] {
  const at = clock.now();
  const facts = { run, stage, decision, share };
  const kind = eventOf(facts);
  const why = decision.reasons.map(({ text }) => text).join('; ');
  const fact = decisionIdOf(runId, stage);
  return [
    ...runNoticeWrites(runId, facts, config, at),
    ...(kind
      ? eventWrites(
          eventOfRun(
            { ...run, reasons: decision.reasons },
            { fact, kind, at, runId, target: run.target, why },
          ),
          config,
          run.configDigest,
        )
      : []),
  ];
}

/** True: the run of a service of a group has its verdict, or its rollback was verified. */
async function wantsVersions(
  { configDigest, name }: RunRecord,
  { verdict, next }: Pick<Decision, 'verdict' | 'next'>,
  { store }: Ports,
): Promise<boolean> {
  if (next !== undefined || verdict === 'superseded') return false;
  return (await loadGroup(configDigest, name, store)) !== undefined;
}

/** The process that made the decision may have died before it published its messages. */
async function nudgeAgain(runId: RunId, run: RunRecord, stage: Stage, ports: Ports): Promise<void> {
  const made = await ports.store.get(documentIn(decisions, decisionIdOf(runId, stage)));
  if (made) await nudge(runId, stage, made.data, ports);
  // The sweep asks again for a diagnosis and audits only.
  if (made && !isTrafficMoved(made.data) && (await wantsVersions(run, made.data, ports)))
    await ports.bus.publish('diagnose', { runId });
}

/** A revision that was recorded good and is now judged bad is no longer a target. */
function planDisproof(
  { serviceKey, stage, candidate }: RunRecord,
  service: Stored<ServiceRecord> | undefined,
  { verdict }: Decision,
): Write[] {
  if (!isDisproof(stage, verdict)) return [];
  const ref = documentIn(services, serviceKey);
  const lastGood = service?.data.lastGood.filter((good) => good.revision !== candidate.revision);
  if (!service || !lastGood || lastGood.length === service.data.lastGood.length) return [];
  return [update(ref, service, { lastGood })];
}

function effectsOf(runId: RunId, stage: Stage, { action }: Decision): EffectId[] {
  const kind = effectOf(action);
  return kind === undefined ? [] : [effectIdOf(runId, stage, kind)];
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
  const timeoutMs = next === undefined ? 0 : stageTimeoutMs(config, next);
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
    update(documentIn(runs, runId), run, nextRun(run.data, stage, decision, timeoutMs, now)),
  ];
  if (kind !== undefined) {
    const { serviceKey, ref } = run.data;
    const effect = newEffect({ runId, serviceKey, ref, stage, kind }, now);
    writes.push(...effects.map((id) => create(documentIn(outbox, id), effect)));
  }
  return writes;
}

function isTrafficMoved({ action }: Pick<Decision, 'action'>): boolean {
  const kind = effectOf(action);
  return kind !== undefined && isAwaited(kind);
}

async function planFreeze(
  runId: RunId,
  run: RunRecord,
  stage: Stage,
  { freeze }: Decision,
  config: ServiceConfig,
  { store, clock }: Ports,
): Promise<Write[]> {
  if (freeze === undefined) return [];
  const ref = freezeOf(run.serviceKey);
  const at = clock.now();
  const fact = decisionIdOf(runId, stage);
  const event = eventOfRun(run, { fact, kind: 'freeze-set', at, runId, target: undefined, why: freeze });
  return [
    controlWrite(ref, await store.get(ref), { reason: freeze, runId, at }),
    ...eventWrites({ ...event, undo: lifts.frozen(run) }, config, run.configDigest),
  ];
}

/** A stage that follows at once starts here; one that follows an effect starts when the effect has ended. */
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
