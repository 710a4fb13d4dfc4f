import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

/** Two deliveries that look at both revisions, each second while the URL of one is not there yet. */
const mostInAMinute = 300;

/** Nobody's service is flooded by those who look after it, whatever their clocks say. */
export function probesFew({ cloud }: SimWorld): Invariant {
  return {
    promise: 'a service is probed a few times a minute',
    atEnd: () => {
      const most = cloud.logs.mostProbed();
      return most > mostInAMinute ? `${most} probes within a minute` : undefined;
    },
  };
}
