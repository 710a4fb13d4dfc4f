import { readDelivery } from '../../../shared/contracts/pubsub-message.ts';
import { PubsubSink } from '../../local/pubsub/pubsub-sink.ts';
import { BusInbox, hops } from './bus-inbox.ts';

/** An inbox that Pub/Sub pushes into, each hop at a path of its own. */
export interface PushInbox {
  readonly inbox: BusInbox;
  readonly sink: PubsubSink;
}

export async function openPushInbox(): Promise<PushInbox> {
  const inbox = new BusInbox();
  const sink = await PubsubSink.open(({ path, body }) => {
    const hop = hops.find((name) => path === `/${name}`);
    if (hop === undefined) return 404;
    try {
      inbox.take({ hop, message: readDelivery(body).data });
      return 204;
    } catch {
      return 500;
    }
  });
  return { inbox, sink };
}
