import { PubSub, v1 } from '@google-cloud/pubsub';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalPubsub } from '../../../infra/local/pubsub/local-pubsub.ts';
import { googleClientOptions } from '../../../shared/adapters/google/client-options.ts';

let pubsub: LocalPubsub;
let client: v1.PublisherClient;
beforeEach(async () => {
  pubsub = await LocalPubsub.start({ projectId: 'acme' });
  client = new v1.PublisherClient(await googleClientOptions({ endpoint: pubsub.endpoint }));
});
afterEach(async () => {
  await client.close();
  await pubsub.stop();
});

const name = 'projects/acme/topics/orders';
const once = { retry: null };

describe('the Publisher API', () => {
  it('creates a topic, once', async () => {
    const [created] = await client.createTopic({ name }, once);
    expect(created).toMatchObject({ name });
    await expect(client.createTopic({ name }, once)).rejects.toHaveProperty('code', status.ALREADY_EXISTS);
    const [found] = await client.getTopic({ topic: name }, once);
    expect(found).toMatchObject({ name });
  });

  it.each([
    'orders',
    'projects/acme/topics/ab',
    'projects/acme/topics/google-x',
    'projects/acme/topics/1abc',
  ])('does not create a topic of the name %s', async (malformed) => {
    await expect(client.createTopic({ name: malformed }, once)).rejects.toHaveProperty(
      'code',
      status.INVALID_ARGUMENT,
    );
  });

  it('knows no topic that nobody made', async () => {
    const notFound = { code: status.NOT_FOUND, details: 'Resource not found (resource=orders).' };
    await expect(client.getTopic({ topic: name }, once)).rejects.toMatchObject(notFound);
    const messages = [{ data: Buffer.from('x') }];
    await expect(client.publish({ topic: name, messages }, once)).rejects.toMatchObject(notFound);
  });

  it('gives each message of a batch an id of its own', async () => {
    pubsub.createTopic('orders');
    const messages = [{ data: Buffer.from('a') }, { attributes: { only: 'attributes' } }];
    const [{ messageIds }] = await client.publish({ topic: name, messages }, once);
    expect(new Set(messageIds).size).toBe(2);
  });

  it.each([
    ['no message', []],
    ['an empty message', [{ data: Buffer.alloc(0) }]],
  ])('does not take %s', async (_what, messages) => {
    pubsub.createTopic('orders');
    await expect(client.publish({ topic: name, messages }, once)).rejects.toHaveProperty(
      'code',
      status.INVALID_ARGUMENT,
    );
  });

  it("takes what the client's own PubSub class batches", async () => {
    pubsub.createTopic('orders');
    const { host, port } = pubsub.endpoint;
    const batching = new PubSub({
      ...(await googleClientOptions({ endpoint: pubsub.endpoint })),
      apiEndpoint: `${host}:${port}`,
      projectId: 'acme',
    });
    const topic = batching.topic('orders');
    const ids = await Promise.all(
      [1, 2, 3].map((n) => topic.publishMessage({ json: { n }, attributes: { n: String(n) } })),
    );
    expect(new Set(ids).size).toBe(3);
    await batching.close();
  });
});

describe('a subscription', () => {
  const pushEndpoint = 'http://127.0.0.1:1/';

  it('needs a topic, and one for its dead letters', () => {
    expect(() => pubsub.createSubscription('billing', { topic: 'orders', pushEndpoint })).toThrow(
      'Resource not found (resource=orders).',
    );
    pubsub.createTopic('orders');
    const deadLetter = { topic: 'dead-orders', maxDeliveryAttempts: 5 };
    expect(() => pubsub.createSubscription('billing', { topic: 'orders', pushEndpoint, deadLetter })).toThrow(
      'Resource not found (resource=dead-orders).',
    );
  });

  it('has a name of its own', () => {
    pubsub.createTopic('orders');
    pubsub.createSubscription('billing', { topic: 'orders', pushEndpoint });
    expect(() => pubsub.createSubscription('billing', { topic: 'orders', pushEndpoint })).toThrow(
      'there is a subscription billing',
    );
    expect(() => pubsub.pause('other')).toThrow('no subscription other');
  });

  it.each(['attributes:hop', 'attributes.hop = "a" AND attributes.b = "c"', 'hop = "a"', ''])(
    'does not take the filter %j',
    (filter) => {
      pubsub.createTopic('orders');
      expect(() => pubsub.createSubscription('billing', { topic: 'orders', pushEndpoint, filter })).toThrow(
        'not a filter of the form',
      );
    },
  );
});
