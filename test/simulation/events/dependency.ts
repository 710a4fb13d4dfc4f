import type { SimWorld } from '../sim-world.ts';

/** Whatever all revisions need is away for a while. */
export function failDependency(forMs: number, { cloud, kernel, log }: SimWorld): void {
  log.count('dependency failures');
  log.tell('dependency', `fails for ${forMs} ms`);
  cloud.setDependency(true);
  kernel.after(forMs, () => cloud.setDependency(false));
}
