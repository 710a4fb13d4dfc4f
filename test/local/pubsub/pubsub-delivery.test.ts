import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../infra/local/pubsub/delivery.ts';
import { LocalPubsub } from '../../../infra/local/pubsub/local-pubsub.ts';
import type { SubscriptionOptions } from '../../../infra/local/pubsub/subscription-config.ts';
import { PubsubSink } from './pubsub-sink.ts';

let pubsub: LocalPubsub;
let sink: PubsubSink;
let deliveries: Delivery[];
beforeEach(async () => {
  [pubsub, sink] = await Promise.all([LocalPubsub.start({ projectId: 'acme' }), PubsubSink.open()]);
  pubsub.createTopic('orders');
  deliveries = [];
  pubsub.onDelivery((delivery) => deliveries.push(delivery));
});
afterEach(async () => {
  await pubsub.stop();
  await sink.close();
});

function subscribe(options: Partial<SubscriptionOptions> = {}, id = 'billing'): void {
  pubsub.createSubscription(id, { topic: 'orders', pushEndpoint: sink.url('/push'), ...options });
}

function publish(text = 'hello', attributes: Record<string, string> = {}): string {
  return pubsub.publish('orders', { data: Buffer.from(text), attributes });
}

describe('what is acknowledged', () => {
  it.each([200, 201, 202, 204])('is a message answered with %i', async (status) => {
    sink.answer = () => status;
    subscribe();
    publish();
    await pubsub.idle();
    expect(deliveries).toMatchObject([{ attempt: 1, outcome: { kind: 'acked', status } }]);
  });

  it('is a message answered with 102, whatever follows', async () => {
    sink.answer = (_request, response) => {
      response.writeProcessing();
      return 500;
    };
    subscribe();
    publish();
    await pubsub.idle();
    expect(deliveries).toMatchObject([{ outcome: { kind: 'acked', status: 102 } }]);
  });

  it.each([203, 206, 302, 400, 404, 429, 500, 503])(
    'is not a message answered with %i: it is delivered again',
    async (status) => {
      const answers = [status, 204];
      sink.answer = () => answers.shift();
      subscribe();
      publish();
      await pubsub.idle();
      expect(deliveries).toMatchObject([
        { attempt: 1, outcome: { kind: 'nacked', status } },
        { attempt: 2, outcome: { kind: 'acked', status: 204 } },
      ]);
    },
  );

  it('is not a message to an endpoint where nothing listens', async () => {
    const gone = await PubsubSink.open();
    const pushEndpoint = gone.url();
    await gone.close();
    subscribe({ pushEndpoint });
    pubsub.onDelivery(() => pubsub.modifyPushEndpoint('billing', sink.url()));
    publish();
    await pubsub.idle();
    expect(deliveries).toMatchObject([
      { outcome: { kind: 'unanswered', reason: expect.stringContaining('ECONNREFUSED') } },
      { outcome: { kind: 'acked' } },
    ]);
  });

  it('is not a message whose answer is not there by the ack deadline', async () => {
    const answers = [undefined, 204];
    sink.answer = () => answers.shift();
    subscribe({ ackDeadlineSeconds: 0.1 });
    publish();
    await pubsub.idle();
    expect(deliveries).toMatchObject([{ outcome: { kind: 'unanswered' } }, { outcome: { kind: 'acked' } }]);
    const [first] = deliveries;
    expect((first?.endedMs ?? 0) - (first?.startedMs ?? 0)).toBeGreaterThanOrEqual(95);
  });
});

it('waits twice as long before each further push, up to the longest backoff', async () => {
  const answers = [500, 500, 500, 500, 204];
  sink.answer = () => answers.shift();
  subscribe({ retry: { minBackoffMs: 20, maxBackoffMs: 50 } });
  publish();
  await pubsub.idle();
  const waits = deliveries.slice(1).map(({ startedMs }, i) => startedMs - (deliveries[i]?.endedMs ?? 0));
  for (const [i, atLeast] of [20, 40, 50, 50].entries()) {
    // Timers may fire a millisecond early.
    expect(waits[i]).toBeGreaterThanOrEqual(atLeast - 1);
    expect(waits[i]).toBeLessThan(atLeast + 500);
  }
});

it('gives a message up after its attempts, to the dead letter topic, and says where it came from', async () => {
  pubsub.createTopic('dead-orders');
  sink.answer = ({ path }) => (path === '/dead' ? 204 : 503);
  subscribe({ deadLetter: { topic: 'dead-orders', maxDeliveryAttempts: 3 } });
  subscribe({ topic: 'dead-orders', pushEndpoint: sink.url('/dead') }, 'dead-billing');
  publish('spoiled', { key: 'value' });
  await pubsub.idle();
  const pushed = sink.requests.all.map(({ path, body }) => ({ path, body }));
  expect(pushed).toMatchObject([
    { path: '/push', body: { deliveryAttempt: 1 } },
    { path: '/push', body: { deliveryAttempt: 2 } },
    { path: '/push', body: { deliveryAttempt: 3 } },
    {
      path: '/dead',
      body: {
        message: {
          data: Buffer.from('spoiled').toString('base64'),
          attributes: {
            key: 'value',
            CloudPubSubDeadLetterSourceDeliveryCount: '3',
            CloudPubSubDeadLetterSourceSubscription: 'billing',
            CloudPubSubDeadLetterSourceSubscriptionProject: 'acme',
            CloudPubSubDeadLetterSourceTopicPublishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          },
        },
      },
    },
  ]);
  expect(deliveries.map(({ deadLettered }) => deadLettered)).toEqual([false, false, true, false]);
});

it('delivers what its filter lets through, and counts the rest as acknowledged', async () => {
  subscribe({ filter: 'attributes.hop = "check"' });
  publish('no', { hop: 'check-2' });
  publish('no');
  const wanted = publish('yes', { hop: 'check' });
  await pubsub.idle();
  expect(deliveries.map(({ message }) => message.messageId)).toEqual([wanted]);
});

it('delivers every message to every subscription of its topic', async () => {
  subscribe({ pushEndpoint: sink.url('/a') }, 'a');
  subscribe({ pushEndpoint: sink.url('/b') }, 'b');
  publish();
  await pubsub.idle();
  expect(sink.requests.all.map(({ path }) => path).sort()).toEqual(['/a', '/b']);
});

it('pushes no more messages at a time than it may', async () => {
  let running = 0;
  let most = 0;
  const full = Promise.withResolvers<void>();
  sink.answer = async () => {
    most = Math.max(most, ++running);
    if (running === 3) full.resolve();
    await full.promise;
    running--;
    return 204;
  };
  subscribe({ maxPushes: 3 });
  for (let i = 0; i < 10; i++) publish();
  await pubsub.idle();
  expect(most).toBe(3);
});

it('reaches names below localhost, whatever the resolver knows', async () => {
  subscribe({ pushEndpoint: `http://check-health.localhost:${sink.port}/` });
  publish();
  await pubsub.idle();
  expect(sink.requests.all).toMatchObject([{ headers: { host: `check-health.localhost:${sink.port}` } }]);
});
