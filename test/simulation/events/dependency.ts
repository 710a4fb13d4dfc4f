import type { Outage } from '../cloud/outage.ts';
import type { SimWorld } from '../sim-world.ts';

/** Whatever all revisions need is away for a while. */
export function failDependency(
  forMs: number,
  { cloud, kernel, log }: SimWorld,
  outage: Outage = 'as-they-fail',
): void {
  log.count('dependency failures');
  log.tell('dependency', `fails for ${forMs} ms: ${outage}`);
  cloud.setOutage(outage);
  kernel.after(forMs, () => {
    log.tell('dependency', 'is back');
    cloud.setOutage(undefined);
  });
}
