import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';
import { failDependency } from './dependency.ts';
import { edits, editTraffic } from './human.ts';

/** What happens while checks run, just before one of them: traffic moves, perhaps back again, or all goes down. */
export function disturbChecks(dice: Dice, world: SimWorld): void {
  const { kernel, watched } = world;
  const atCheck = (probability: number, event: () => void) => {
    const nth = dice.between(1, 24);
    if (!dice.chance(probability)) return;
    watched.set('checks.run', [
      ...(watched.get('checks.run') ?? []),
      (n) => (n === nth ? event() : undefined),
    ]);
  };
  const downMs = dice.between(20_000, 500_000);
  atCheck(0.3, () => failDependency(downMs, world));
  const [away, backMs] = [dice.pick(edits), dice.below(20_000)];
  const returns = dice.chance(0.6);
  atCheck(0.2, () => {
    editTraffic(away, world);
    if (returns) kernel.after(backMs, () => editTraffic('to-latest', world));
  });
}
