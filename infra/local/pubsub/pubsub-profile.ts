import type { ProfileName, RangeMs } from '../profile.ts';

/** How far a bus that delivers at least once, and in any order, makes use of that. */
export interface Disturbance {
  /** The share of messages, 0 to 1, that are delivered twice. */
  readonly duplicateRate: number;
  /** The share of messages, 0 to 1, that others may overtake. */
  readonly reorderRate: number;
  /** How late a second delivery, or one that was overtaken, is at most. */
  readonly delayMs: number;
}

export interface Backoff {
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** How fast and how rough the local Pub/Sub behaves. */
export interface PubsubProfile extends Disturbance {
  /** From the publish to the first push. */
  readonly deliveryMs: RangeMs;
  /** For subscriptions without a retry policy of their own. */
  readonly retry: Backoff;
}

export const pubsubProfiles: Readonly<Record<ProfileName, PubsubProfile>> = {
  fast: {
    deliveryMs: [0, 0],
    duplicateRate: 0,
    reorderRate: 0,
    delayMs: 0,
    retry: { minBackoffMs: 10, maxBackoffMs: 100 },
  },
  demo: {
    deliveryMs: [5, 20],
    duplicateRate: 0,
    reorderRate: 0,
    delayMs: 0,
    retry: { minBackoffMs: 200, maxBackoffMs: 2_000 },
  },
  realistic: {
    deliveryMs: [20, 100],
    duplicateRate: 0.02,
    reorderRate: 0.1,
    delayMs: 2_000,
    retry: { minBackoffMs: 100, maxBackoffMs: 60_000 },
  },
};
