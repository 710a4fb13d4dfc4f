import type { Hop } from '../contracts/messages.ts';
import type { Ports } from '../ports/ports.ts';
import { handleMessage } from './handle-message.ts';
import { hopTable } from './hops.ts';

/** Handles a message, whatever it is. @throws what a later delivery may fix */
export type HandleMessage = (message: unknown, ports: Ports) => Promise<void>;

/** Loads what one hop runs. */
export async function openHop<H extends Hop>(hop: H): Promise<HandleMessage> {
  const service = await hopTable[hop].load();
  return (message, ports) => handleMessage(hop, message, service, ports);
}
