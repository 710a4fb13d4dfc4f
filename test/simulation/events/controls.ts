import { documentIn } from '../../../shared/contracts/document.ts';
import { abortOf, killSwitch, outbox, pauseOf } from '../../../shared/contracts/records.ts';
import { type EffectId, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { type HandKind, handKinds } from '../../../shared/domain/plan-by-hand.ts';
import { create } from '../../../shared/ports/store.ts';
import { newEffect } from '../../../shared/services/new-effect.ts';
import { liftControl, setControl } from '../../../shared/services/set-control.ts';
import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';

const wish = { reason: 'a person wants it', actor: 'person' };

/** The kill switch, for a while or for good. */
export async function throwKillSwitch(dice: Dice, world: SimWorld): Promise<void> {
  const forMs = dice.between(10_000, 400_000);
  const isLifted = dice.chance(0.7);
  world.log.count('kill switches');
  await world.act('kill', (ports) => setControl(killSwitch, wish, ports));
  if (isLifted)
    world.kernel.after(forMs, () => world.act('unkill', (ports) => liftControl(killSwitch, ports)));
}

export async function pauseForAWhile(dice: Dice, world: SimWorld): Promise<void> {
  const ref = pauseOf(serviceKeyOf(world.cloud.ref));
  const forMs = dice.between(10_000, 400_000);
  world.log.count('pauses');
  await world.act('pause', (ports) => setControl(ref, wish, ports));
  world.kernel.after(forMs, () => world.act('resume', (ports) => liftControl(ref, ports)));
}

/** A person gives up the run that is under way. */
export function abortRun(world: SimWorld): void {
  const runId = world.records.service?.currentRun?.runId;
  if (runId === undefined) return;
  world.log.count('aborts');
  void world.act('abort', (ports) => setControl(abortOf(runId), wish, ports));
}

/** A person has traffic moved through the outbox. */
export function moveByHand(dice: Dice, world: SimWorld): void {
  const { cloud, log, kernel } = world;
  const kind: HandKind = dice.pick(handKinds);
  const ready = cloud.revisions.filter((revision) => revision.isReady);
  const named = dice.chance(0.4) ? ready[dice.below(ready.length)]?.name : undefined;
  const request = { actor: 'person', why: 'a person wants it', revision: named, force: dice.chance(0.3) };
  const n = log.count('moves by hand');
  const effectId = `manual.00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as EffectId;
  void world.act(kind, async ({ store, bus }) => {
    const { ref } = cloud;
    const effect = newEffect(
      { runId: undefined, stage: undefined, serviceKey: serviceKeyOf(ref), ref, kind },
      new Date(kernel.nowMs),
    );
    await store.commit([create(documentIn(outbox, effectId), { ...effect, request })]);
    await bus.publish('route-traffic', { effectId });
  });
}
