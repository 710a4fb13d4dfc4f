import { type SeenTraffic, sameSplit, specSplit } from '../service-state.ts';
import type { Pin, ServiceRecord } from './service-record.ts';

/** The pin that is in force on a traffic spec: any other change of the percentages releases a pin. */
export function pinInForce(
  { traffic, latest }: SeenTraffic,
  known: Pick<ServiceRecord, 'pin'> | undefined,
): Pin | undefined {
  const pin = known?.pin;
  return pin && sameSplit(specSplit(pin.after, latest), specSplit(traffic, latest)) ? pin : undefined;
}
