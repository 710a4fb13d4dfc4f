import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalPubsub } from '../../../infra/local/pubsub/local-pubsub.ts';
import { PubsubBus } from '../../../shared/adapters/pubsub/pubsub-bus.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';
import { Arrivals } from '../../local/pubsub/pubsub-arrivals.ts';
import { runId, specifyBus } from './bus-contract.ts';
import { hops } from './bus-inbox.ts';
import { type OpenPubsub, specifyOutages } from './bus-outages.ts';
import { openPushInbox } from './bus-push-inbox.ts';
import { BusRelay } from './bus-relay.ts';

const projectId = 'local-project';

async function open(): Promise<OpenPubsub & { readonly pubsub: LocalPubsub }> {
  const { inbox, sink } = await openPushInbox();
  const pubsub = await LocalPubsub.start({ projectId });
  for (const hop of hops) {
    pubsub.createTopic(`deploy-loop-${hop}`);
    pubsub.createSubscription(hop, { topic: `deploy-loop-${hop}`, pushEndpoint: sink.url(`/${hop}`) });
  }
  const relay = await BusRelay.open(pubsub.endpoint);
  const buses: PubsubBus[] = [];
  const connect: OpenPubsub['connect'] = (options) => {
    const bus = new PubsubBus({ projectId, endpoint: relay.endpoint, ...options });
    buses.push(bus);
    return bus;
  };
  const close = async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await relay.cut();
    await pubsub.stop();
    await sink.close();
  };
  return { pubsub, relay, inbox, projectId, connect, close };
}

describe('PubsubBus on the local Pub/Sub', () => {
  describe('as a bus', () => {
    specifyBus(async () => {
      const opened = await open();
      return { ...opened, bus: opened.connect({}) };
    });
  });

  describe('through outages', () => specifyOutages(open));

  describe('by itself', () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('fails for good, by the name of the topic, when it must not publish', async () => {
      const { pubsub, connect } = opened;
      pubsub.faults.add('Publish', { code: status.PERMISSION_DENIED, message: 'User not authorized.' });
      const published = connect({}).publish('check-health', { runId: runId(1) });
      await expect(published).rejects.toThrow(
        new PermanentError(
          `Publish on projects/${projectId}/topics/deploy-loop-check-health: PERMISSION_DENIED: User not authorized: give this account a role that permits it, or correct the project`,
        ),
      );
    });

    it('publishes again when the answer was lost, so that the message comes twice', async () => {
      const { pubsub, inbox, connect } = opened;
      pubsub.faults.add('Publish', { loseAnswer: true });
      await connect({}).publish('check-health', { runId: runId(1) });
      await pubsub.idle();
      expect(inbox.received.all).toEqual([
        { hop: 'check-health', message: { runId: runId(1) } },
        { hop: 'check-health', message: { runId: runId(1) } },
      ]);
    });

    it('gets over an overload', async () => {
      const { pubsub, inbox, connect } = opened;
      pubsub.faults.add('Publish', { code: status.RESOURCE_EXHAUSTED, message: 'Quota exceeded.', times: 2 });
      await connect({}).publish('check-health', { runId: runId(1) });
      expect(await inbox.received.atLeast(1)).toHaveLength(1);
    });

    it('goes where it is told, whatever PUBSUB_EMULATOR_HOST says', async () => {
      const before = process.env.PUBSUB_EMULATOR_HOST;
      process.env.PUBSUB_EMULATOR_HOST = '127.0.0.1:1';
      const { inbox, connect } = opened;
      await connect({}).publish('check-health', { runId: runId(1) });
      expect(await inbox.received.atLeast(1)).toHaveLength(1);
      if (before === undefined) delete process.env.PUBSUB_EMULATOR_HOST;
      else process.env.PUBSUB_EMULATOR_HOST = before;
    });

    it('names the hop and the trace in the attributes', async () => {
      const { pubsub, connect } = opened;
      const deliveries = new Arrivals<Readonly<Record<string, string>>>();
      pubsub.onDelivery(({ message }) => deliveries.add(message.attributes));
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const bus = connect({ traceContext: () => ({ traceparent }) });
      await bus.publish('check-health', { runId: runId(1) });
      expect(await deliveries.atLeast(1)).toEqual([{ hop: 'check-health', traceparent }]);
    });
  });
});
