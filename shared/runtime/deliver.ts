import type { Hop, MessageOf } from '../contracts/messages.ts';
import type { Ports } from '../ports/ports.ts';
import { type HandleMessage, openHop } from './handle-message.ts';
import { hops } from './hops.ts';

/**
 * All of them: a process that delivers in process runs any hop, and no message should wait for an import. One after the
 * other, since the module loader of jest on Node.js 22 fails on imports at the same time.
 */
const handlers = new Map<Hop, HandleMessage>();
for (const hop of hops) handlers.set(hop, await openHop(hop));

/** Handles a message within this process. @throws an error that a later delivery may fix */
export function deliverInProcess<H extends Hop>(hop: H, message: MessageOf<H>, ports: Ports): Promise<void> {
  const handle = handlers.get(hop);
  if (!handle) throw new TypeError(`no service handles ${hop}`);
  return handle(message, ports);
}
