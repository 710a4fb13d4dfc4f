import type { BuildId, RevisionName } from '../../../shared/domain/ids.ts';
import { followsLatest } from '../../../shared/domain/service-state.ts';
import { aBuild } from '../../builders.ts';
import type { BadAnswer, Behaviour } from '../cloud/behaviour.ts';
import { type Purpose, SimRevision } from '../cloud/sim-revision.ts';
import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';

/** How one deploy goes. Drawn before the schedule begins. */
export interface DeployPlan {
  readonly behaviour: Behaviour;
  readonly badAnswer: BadAnswer;
  /** Until it is ready, or has failed to be. */
  readonly readyAfterMs: number;
  readonly becomesReady: boolean;
  /** False: from a laptop, so that no build tells of it. */
  readonly byBuild: boolean;
  /** True: the build does not wait for the revision. */
  readonly async: boolean;
}

export function drawDeploy(dice: Dice): DeployPlan {
  const quick = dice.chance(0.8);
  return {
    behaviour: drawBehaviour(dice),
    badAnswer: dice.pick<BadAnswer>([
      'unavailable',
      'unavailable',
      'unavailable',
      'refused',
      'degraded',
      'timeout',
    ]),
    readyAfterMs: quick
      ? dice.between(1_000, 15_000)
      : dice.between(30_000, dice.chance(0.2) ? 1_200_000 : 500_000),
    becomesReady: !dice.chance(0.1),
    byBuild: dice.chance(0.8),
    async: dice.chance(0.15),
  };
}

function drawBehaviour(dice: Dice): Behaviour {
  const point = dice.fraction();
  if (point < 0.35) return { kind: 'good' };
  if (point < 0.7) return { kind: 'bad' };
  if (point < 0.8) return { kind: 'turns-bad', afterMs: dice.between(15_000, 400_000) };
  if (point < 0.88) return { kind: 'flapping', periodMs: dice.between(4_000, 40_000) };
  return { kind: 'slow-start', forMs: dice.between(5_000, 60_000) };
}

/** A build, or somebody at a laptop, makes a new revision; traffic follows if it is on LATEST. */
export function deploy(
  plan: DeployPlan,
  world: SimWorld,
  { purpose = purposeOf(world), name = nextName(world) }: { purpose?: Purpose; name?: string } = {},
): SimRevision {
  const { cloud, kernel, log } = world;
  const id = `00000000-0000-4000-8000-${String(log.count('deploys')).padStart(12, '0')}` as BuildId;
  const labels = plan.byBuild ? { 'gcb-build-id': id } : {};
  const { behaviour, badAnswer } = plan;
  const revision = new SimRevision({
    name,
    createdMs: kernel.nowMs,
    labels,
    behaviour,
    badAnswer,
    purpose,
  });
  log.tell('deploy', `${name} to ${purpose}, ${JSON.stringify(plan)}`);
  cloud.add(revision);
  kernel.after(plan.readyAfterMs, () => becomeReady(revision, plan, world));
  if (plan.byBuild)
    kernel.after(plan.async ? 1_000 : plan.readyAfterMs, () => endBuild(id, revision, plan, world));
  return revision;
}

/** Where traffic is on names, only a mode of the guard's own, or a rollback from LATEST, has it give some to a deploy. */
function purposeOf({ cloud, records }: SimWorld): Purpose {
  const { service } = cloud.ref;
  const { config } = [...records.configs.values()].at(-1) ?? {};
  const mode = config?.services.find(({ name }) => name === service)?.mode;
  const isOnLatest = cloud.traffic.some(({ revision, percent }) => revision === undefined && percent > 0);
  const { pin } = records.serviceOf(cloud.ref) ?? {};
  const isPinned = pin?.owner === 'guard' && followsLatest(pin.before);
  return isOnLatest || isPinned || mode !== 'guard' ? 'serve' : 'wait';
}

function nextName({ cloud }: SimWorld): string {
  return `${cloud.ref.service}-${cloud.revisions.length + 1}`;
}

/** A human changes a label of the template: a new revision like the newest, labels and all, of which no build tells. */
export function editLabel(world: SimWorld): void {
  const { cloud, kernel, log } = world;
  const newest = cloud.revisions[0];
  if (!newest) return;
  const name = nextName(world);
  const { labels, behaviour, badAnswer, purpose } = newest;
  const revision = new SimRevision({
    name,
    createdMs: kernel.nowMs,
    labels,
    behaviour,
    badAnswer,
    purpose,
  });
  log.tell('human', `edits a label: ${name} like ${newest.name}`);
  log.count('label edits');
  cloud.add(revision);
  kernel.after(2_000, () => cloud.setReadiness(revision, { kind: 'ready' }));
}

function becomeReady(revision: SimRevision, { becomesReady }: DeployPlan, { cloud, log }: SimWorld): void {
  log.tell('Cloud Run', `${revision.name} ${becomesReady ? 'is ready' : 'fails to become ready'}`);
  const failed = {
    kind: 'failed',
    reason: 'HealthCheckContainerError',
    message: 'no port was bound',
  } as const;
  cloud.setReadiness(revision, becomesReady ? { kind: 'ready' } : failed);
}

function endBuild(
  id: BuildId,
  revision: SimRevision,
  plan: DeployPlan,
  { builds, bus, kernel }: SimWorld,
): void {
  const build = aBuild({
    id,
    status: plan.becomesReady || plan.async ? 'SUCCESS' : 'FAILURE',
    startTime: new Date(revision.createdMs - 60_000),
    finishTime: new Date(kernel.nowMs),
  });
  builds.set(build.name, build);
  bus.publish('begin-validation', { kind: 'build', name: build.name });
}

/** The first revision: it has served well for long. */
export function deployFirst(world: SimWorld): RevisionName {
  const { cloud, kernel } = world;
  const revision = new SimRevision({
    name: nextName(world),
    createdMs: kernel.nowMs - 86_400_000,
    labels: {},
    behaviour: { kind: 'good' },
    badAnswer: 'unavailable',
    purpose: 'serve',
  });
  cloud.add(revision);
  cloud.setReadiness(revision, { kind: 'ready' });
  return revision.name;
}
