import type { Delivery } from '../pubsub/delivery.ts';

/** One push as a line, with its time after `zeroMs`. */
export function describeDelivery(
  { subscription, attempt, outcome, startedMs, endedMs }: Delivery,
  zeroMs: number,
): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const answer = outcome.kind === 'unanswered' ? outcome.reason : describeStatus(outcome.status);
  const again = attempt === 1 ? '' : `, delivery ${attempt}`;
  return `${seconds(Math.max(0, startedMs - zeroMs)).padStart(7)}  ${subscription}: ${answer} after ${seconds(endedMs - startedMs)}${again}`;
}

function describeStatus(status: number): string {
  return status < 300 ? String(status) : `${status} (will be redelivered)`;
}
