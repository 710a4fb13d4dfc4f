import type { Hop } from '../contracts/messages.ts';
import { hopTable } from './hops.ts';
import { onPush } from './on-push.ts';
import { openHop } from './open-hop.ts';

/** Registers one hop of the table as a function. Resolves when its service is loaded. */
export async function onHop(hop: Hop): Promise<void> {
  const handle = await openHop(hop);
  const { read } = hopTable[hop];
  onPush(hop, async (delivery, ports) => {
    const message = read ? read(delivery) : delivery.data;
    if (message !== undefined) await handle(message, ports);
  });
}
