import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { Asker } from '../../../shared/domain/runs/plan-attempt.ts';
import { nextAttempt } from '../../../shared/services/runs/next-attempt.ts';
import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';
import { abortRun, moveManually, pauseForAWhile, throwKillSwitch } from './controls.ts';
import { failDependency } from './dependency.ts';
import { deploy, drawDeploy, editLabel } from './deploys.ts';
import { deleteRevision, edits, editTraffic } from './human.ts';
import type { Timeline } from './timeline.ts';

/** Draws something of everything that may happen to a service. */
export function beginScript(timeline: Timeline, dice: Dice, world: SimWorld): void {
  let deployMs = timeline.startMs + dice.below(30_000);
  for (let n = dice.pick([1, 1, 2, 2, 2, 3]); n > 0; n--) {
    const plan = drawDeploy(dice);
    timeline.at(deployMs, () => deploy(plan, world));
    timeline.lastMs = Math.max(timeline.lastMs, deployMs + plan.readyAfterMs);
    deployMs += dice.pick([
      () => dice.below(20_000),
      () => dice.below(240_000),
      () => dice.below(2_400_000),
    ])();
  }
  const maybe = (probability: number, event: () => void) => timeline.maybe(probability, event);
  maybe(0.12, () => deploy({ ...drawDeploy(dice), readyAfterMs: 1_000, byBuild: dice.chance(0.5) }, world));
  for (const probability of [0.4, 0.15]) {
    const edit = dice.pick(edits);
    maybe(probability, () => editTraffic(edit, world));
  }
  maybe(0.12, () => editLabel(world));
  maybe(0.1, () => deleteRevision(dice, world));
  maybe(0.15, () => world.cloud.bump());
  maybe(0.12, () => ask(dice.pick<Asker>(['guard', 'apply', 'rerun']), world));
  maybe(0.12, () => moveManually(dice, world));
  maybe(0.05, () => void throwKillSwitch(dice, world));
  maybe(0.06, () => void pauseForAWhile(dice, world));
  maybe(0.06, () => abortRun(world));
  maybe(0.1, () => failDependency(dice.between(5_000, 300_000), world));
}

/** A person asks for a run of what serves. */
export function ask(asker: Asker, world: SimWorld): void {
  const { ref } = world.cloud;
  const name: RevisionName | undefined = world.cloud.state().latestReadyRevision;
  if (name === undefined) return;
  world.log.count('asked by people');
  void world.act(asker, async ({ store, bus, clock, run }) => {
    const next = await nextAttempt(ref, name, asker, { store, clock, run });
    if (next.kind !== 'open') return;
    await bus.publish('begin-validation', {
      kind: 'revision',
      ref,
      revision: name,
      openedBy: asker,
      attempt: next.attempt,
    });
  });
}
