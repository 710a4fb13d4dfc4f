import type { Hop, MessageOf } from '../contracts/messages.ts';
import { describeError } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';
import { hopTable } from './hops.ts';

/** Handles a message of a hop, whatever it is. @throws what a later delivery may fix */
export type DeliverToHop = (hop: Hop, message: unknown, ports: Ports) => Promise<void>;

interface Wake {
  readonly hop: Hop;
  readonly message: unknown;
  /** Has it delivered by the bus. */
  readonly publish: () => Promise<void>;
}

/**
 * Handles a message, and then what it wakes of the hops that its function continues with, each once: another function
 * would start from cold meanwhile. The message is acknowledged after all that, so a process that dies is followed by
 * another, which finds what was done.
 * @throws what a later delivery may fix; what the message woke before, or what follows it, is published instead
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
    // A build may be for several services: what is begun does not wait for the others.
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
