import type { Hop, MessageOf } from '../contracts/messages.ts';
import type { Ports } from '../ports/ports.ts';
import { openHop } from './handle-message.ts';
import { hops } from './hops.ts';

/** All imports at once: a process that delivers in process runs any hop, and no message should wait for an import. */
const handlers = new Map(await Promise.all(hops.map(async (hop) => [hop, await openHop(hop)] as const)));

/** Handles a message within this process. @throws an error that a later delivery may fix */
export function deliverInProcess<H extends Hop>(hop: H, message: MessageOf<H>, ports: Ports): Promise<void> {
  const handle = handlers.get(hop);
  if (!handle) throw new TypeError(`no service handles ${hop}`);
  return handle(message, ports);
}
