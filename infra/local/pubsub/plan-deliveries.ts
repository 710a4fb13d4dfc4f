import type { SeededRandom } from '../seeded-random.ts';
import type { PubsubProfile } from './pubsub-profile.ts';

/**
 * When the deliveries of one message begin, in ms from its publish: one, or two for a duplicate. Draws the same
 * count of numbers each time, so that another rate leaves the rest of a seeded run as it was.
 */
export function planDeliveries(random: SeededRandom, profile: PubsubProfile): readonly number[] {
  const { deliveryMs, duplicateRate, reorderRate, delayMs } = profile;
  const latency = random.between(deliveryMs);
  const isOvertaken = random.fraction() < reorderRate;
  const lateness = random.fraction() * delayMs;
  const isDuplicated = random.fraction() < duplicateRate;
  const secondLateness = random.fraction() * delayMs;
  const first = latency + (isOvertaken ? lateness : 0);
  return isDuplicated ? [first, latency + secondLateness] : [first];
}
