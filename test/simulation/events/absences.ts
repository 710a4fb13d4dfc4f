import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';

/** Whoever writes traffic does not reach Cloud Run for a while, or is told of nothing. */
export function sendWriterAway(forMs: number, dice: Dice, { network, kernel, log }: SimWorld): void {
  const isCutOff = dice.chance(0.6);
  const set = (away: boolean) => {
    log.tell('network', `the writer ${isCutOff ? 'is cut off' : 'hears nothing'}: ${away}`);
    if (isCutOff) network.writerIsCutOff = away;
    else network.writerIsUnheard = away;
  };
  log.count(isCutOff ? 'writers cut off' : 'writers who hear nothing');
  set(true);
  kernel.after(forMs, () => set(false));
}

/** A region is away for a while: Cloud Run's API does not answer there, and neither do services. */
export function loseRegion(region: string, forMs: number, world: SimWorld): void {
  const { network, kernel, log, services } = world;
  const there = services.filter(({ cloud }) => cloud.ref.region === region);
  log.count('regions lost');
  log.tell('network', `${region} is away`);
  network.deadRegions.add(region);
  for (const { cloud } of there) cloud.setOutage('timeout');
  kernel.after(forMs, () => {
    log.tell('network', `${region} is back`);
    network.deadRegions.delete(region);
    for (const { cloud } of there) cloud.setOutage(undefined);
  });
}
