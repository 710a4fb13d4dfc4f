import { type SeenTraffic, sameSplit, specSplit } from '../service-state.ts';
import type { Pin, ServiceRecord } from './service-record.ts';

/** The pin that a traffic spec is under: where somebody else has moved the percents since, it is over. */
export function pinInForce(
  { traffic, latest }: SeenTraffic,
  known: Pick<ServiceRecord, 'pin'> | undefined,
): Pin | undefined {
  const pin = known?.pin;
  return pin && sameSplit(specSplit(pin.after, latest), specSplit(traffic, latest)) ? pin : undefined;
}
