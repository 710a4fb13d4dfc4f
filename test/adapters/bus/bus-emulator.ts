import { randomBytes } from 'node:crypto';
import { v1 } from '@google-cloud/pubsub';
import { type GoogleEndpoint, googleClientOptions } from '../../../shared/adapters/google/client-options.ts';
import { PubsubBus } from '../../../shared/adapters/pubsub/pubsub-bus.ts';
import { hops } from './bus-inbox.ts';
import type { OpenPubsub } from './bus-outages.ts';
import { openPushInbox } from './bus-push-inbox.ts';
import { BusRelay } from './bus-relay.ts';

const tenthOfASecond = { seconds: 0, nanos: 100_000_000 };

/** Topics and push subscriptions of one test on Google's emulator. */
export async function openEmulatorBus(emulator: GoogleEndpoint): Promise<OpenPubsub> {
  const projectId = `test-${randomBytes(6).toString('hex')}`;
  const { inbox, sink } = await openPushInbox();
  const relay = await BusRelay.open(emulator);
  const options = await googleClientOptions({ endpoint: emulator });
  const publisher = new v1.PublisherClient(options);
  const subscriber = new v1.SubscriberClient(options);
  const subscriptions = hops.map((hop) => ({
    name: `projects/${projectId}/subscriptions/${hop}`,
    topic: `projects/${projectId}/topics/deploy-loop-${hop}`,
    pushConfig: { pushEndpoint: sink.url(`/${hop}`) },
    retryPolicy: { minimumBackoff: tenthOfASecond, maximumBackoff: tenthOfASecond },
  }));
  await Promise.all(
    subscriptions.map(async (subscription) => {
      await publisher.createTopic({ name: subscription.topic });
      await subscriber.createSubscription(subscription);
    }),
  );
  const buses: PubsubBus[] = [];
  const connect: OpenPubsub['connect'] = (busOptions) => {
    const bus = new PubsubBus({ projectId, endpoint: relay.endpoint, ...busOptions });
    buses.push(bus);
    return bus;
  };
  const close = async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await relay.cut();
    // The emulator goes on pushing to endpoints that are gone, and serves the others more slowly meanwhile.
    await Promise.all(subscriptions.map(({ name }) => subscriber.deleteSubscription({ subscription: name })));
    await Promise.all([publisher.close(), subscriber.close()]);
    await sink.close();
  };
  return { relay, inbox, projectId, connect, close };
}
