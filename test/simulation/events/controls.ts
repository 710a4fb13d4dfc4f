import { abortOf, killSwitch, pauseOf } from '../../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { type ManualKind, manualKinds } from '../../../shared/domain/traffic/plan-manual.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { requestManually } from '../../../shared/services/traffic/request-manually.ts';
import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';

const request = { reason: 'a person wants it', actor: 'person' };

/** The kill switch, for a while or for good. */
export async function throwKillSwitch(dice: Dice, world: SimWorld): Promise<void> {
  const forMs = dice.between(10_000, 400_000);
  const isLifted = dice.chance(0.7);
  world.log.count('kill switches');
  await world.act('kill', (ports) => setControl(killSwitch, request, ports));
  if (isLifted)
    world.kernel.after(forMs, () =>
      world.act('unkill', (ports) => liftControl(killSwitch, request.actor, ports)),
    );
}

export async function pauseForAWhile(dice: Dice, world: SimWorld): Promise<void> {
  const ref = pauseOf(serviceKeyOf(world.cloud.ref));
  const forMs = dice.between(10_000, 400_000);
  world.log.count('pauses');
  await world.act('pause', (ports) => setControl(ref, request, ports));
  world.kernel.after(forMs, () => world.act('resume', (ports) => liftControl(ref, request.actor, ports)));
}

/** A person gives up the run that is under way. */
export function abortRun(world: SimWorld): void {
  const runId = world.records.serviceOf(world.cloud.ref)?.currentRun?.runId;
  if (runId === undefined) return;
  world.log.count('aborts');
  void world.act('abort', (ports) => setControl(abortOf(runId), request, ports));
}

/** A person has traffic moved through the outbox. */
export function moveManually(dice: Dice, world: SimWorld): void {
  const { cloud, log } = world;
  const kind: ManualKind = dice.pick(manualKinds);
  const ready = cloud.revisions.filter((revision) => revision.isReady);
  const revision = dice.chance(0.4) ? ready[dice.below(ready.length)]?.name : undefined;
  const request = { actor: 'person', why: 'a person wants it', revision, force: dice.chance(0.3) };
  log.count('moves by hand');
  void world.act(kind, (ports) => requestManually({ kind, ref: cloud.ref, request }, ports));
}
