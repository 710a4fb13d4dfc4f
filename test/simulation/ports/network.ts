import type { Hop } from '../../../shared/contracts/messages.ts';
import type { ServiceRef } from '../../../shared/domain/ids.ts';
import type { SimProcess } from '../kernel/sim-process.ts';

const writer: Hop = 'route-traffic';

/** Who reaches whom. */
export class Network {
  /** Where Cloud Run answers nobody. */
  readonly deadRegions = new Set<string>();
  /** True: whoever writes traffic does not reach Cloud Run. */
  writerIsCutOff = false;
  /** True: what is published for him is never delivered. */
  writerIsUnheard = false;

  /** Whether Cloud Run answers that process about that service. */
  reaches({ hop }: SimProcess, { region }: ServiceRef): boolean {
    return !this.deadRegions.has(region) && !(this.writerIsCutOff && hop === writer);
  }

  delivers(hop: Hop): boolean {
    return !(this.writerIsUnheard && hop === writer);
  }
}
