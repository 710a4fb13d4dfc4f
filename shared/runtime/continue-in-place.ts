import type { Hop, MessageOf } from '../contracts/messages.ts';
import { describeError } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';
import { hopTable } from './hops.ts';

/** Handles a message of any hop. @throws an error that a later delivery may fix */
export type DeliverToHop = (hop: Hop, message: unknown, ports: Ports) => Promise<void>;

interface Wake {
  readonly hop: Hop;
  readonly message: unknown;
  /** Publishes it on the bus. */
  readonly publish: () => Promise<void>;
}

/**
 * Handles a message, and then the messages that it publishes to the hops in its function's `continues`, once each:
 * another function would need a cold start. The incoming message is acknowledged last, so if the process dies, another
 * delivery finds what was done and continues.
 * @throws an error that a later delivery may fix; messages published before that, or after it, go to the bus
 */
export async function continueInPlace(
  first: Hop,
  message: unknown,
  ports: Ports,
  deliver: DeliverToHop,
): Promise<void> {
  const left = new Set(hopTable[first].continues);
  const wakes: Wake[] = [];
  const publish = async <H extends Hop>(hop: H, its: MessageOf<H>): Promise<void> => {
    const send = () => ports.bus.publish(hop, its);
    if (wakes.length === 0 && left.delete(hop)) wakes.push({ hop, message: its, publish: send });
    else await send();
  };
  const granted = { ...ports, bus: { publish } };
  try {
    await deliver(first, message, granted);
  } catch (error) {
    // A build may concern several services: the runs of the others do not wait for the failed one.
    await Promise.allSettled(wakes.map((wake) => wake.publish()));
    throw error;
  }
  for (let wake = wakes.pop(); wake; wake = wakes.pop()) {
    try {
      await deliver(wake.hop, wake.message, granted);
    } catch (error) {
      ports.log.warn({ hop: wake.hop, code: 'not-handled' }, describeError(error));
      wakes.length = 0;
      await wake.publish();
    }
  }
}
