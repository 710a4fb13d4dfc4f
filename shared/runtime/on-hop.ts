import type { Hop } from '../contracts/messages.ts';
import { continueInPlace } from './continue-in-place.ts';
import { type HandleMessage, openHop } from './handle-message.ts';
import { hopTable } from './hops.ts';
import { onPush } from './on-push.ts';

/** Registers one hop of the table as a function. Resolves when its service is loaded. */
export async function onHop(hop: Hop): Promise<void> {
  const opened = new Map<Hop, HandleMessage>([[hop, await openHop(hop)]]);
  const { read } = hopTable[hop];
  onPush(hop, async (delivery, ports) => {
    const message = read ? read(delivery) : delivery.data;
    if (message === undefined) return;
    await continueInPlace(hop, message, ports, async (to, its, granted) => {
      const handle = opened.get(to) ?? (await openHop(to));
      opened.set(to, handle);
      await handle(its, granted);
    });
  });
}
