import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { LocalPubsub } from '../../../infra/local/pubsub/local-pubsub.ts';
import type { SubscriptionOptions } from '../../../infra/local/pubsub/subscription-config.ts';
import { PubsubSink, type PushedRequest } from './pubsub-sink.ts';

let pubsub: LocalPubsub;
let sink: PubsubSink;
beforeEach(async () => {
  [pubsub, sink] = await Promise.all([LocalPubsub.start({ projectId: 'acme' }), PubsubSink.open()]);
  pubsub.createTopic('orders');
});
afterEach(async () => {
  await pubsub.stop();
  await sink.close();
});

async function pushed(
  options: Partial<SubscriptionOptions> = {},
  orderingKey?: string,
): Promise<PushedRequest | undefined> {
  pubsub.createSubscription('billing', { topic: 'orders', pushEndpoint: sink.url('/push?a=b'), ...options });
  pubsub.publish('orders', { data: Buffer.from('{"n":1}'), attributes: { hop: 'check' }, orderingKey });
  await pubsub.idle();
  return sink.requests.all[0];
}

const rfc3339 = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const digits = expect.stringMatching(/^\d+$/);
const message = {
  attributes: { hop: 'check' },
  data: Buffer.from('{"n":1}').toString('base64'),
  messageId: digits,
  message_id: digits,
  publishTime: rfc3339,
  publish_time: rfc3339,
};
const subscription = 'projects/acme/subscriptions/billing';

it("pushes Google's envelope, and nothing else", async () => {
  const request = await pushed();
  expect(request).toMatchObject({ method: 'POST', path: '/push?a=b' });
  expect(request?.body).toEqual({ message, subscription });
  expect(request?.headers).toEqual({
    accept: 'application/json',
    connection: 'keep-alive',
    'content-length': expect.any(String),
    'content-type': 'application/json',
    from: 'noreply@google.com',
    host: `127.0.0.1:${sink.port}`,
    'user-agent': 'CloudPubSub-Google',
  });
});

it('counts the delivery attempts only where a dead letter topic needs them', async () => {
  pubsub.createTopic('dead-orders');
  const request = await pushed({ deadLetter: { topic: 'dead-orders', maxDeliveryAttempts: 5 } });
  expect(request?.body).toEqual({ deliveryAttempt: 1, message, subscription });
});

it('passes an ordering key on', async () => {
  const request = await pushed({}, 'customer-1');
  expect(request?.body).toEqual({ message: { ...message, orderingKey: 'customer-1' }, subscription });
});

it('pushes CloudEvents in binary mode, as Eventarc does', async () => {
  const request = await pushed({ format: 'cloudevent' });
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json',
    'ce-id': digits,
    'ce-source': '//pubsub.googleapis.com/projects/acme/topics/orders',
    'ce-specversion': '1.0',
    'ce-time': rfc3339,
    'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
  });
  expect(request?.body).toEqual({ message, subscription });
});

it('sends an ID token as Cloud Run hands it on: its claims without its signature', async () => {
  const request = await pushed({
    oidc: { serviceAccountEmail: 'pusher@acme.iam.gserviceaccount.com', audience: 'https://fn.example.com' },
  });
  const { scheme, claims, signature } = parseToken(request);
  expect(scheme).toBe('Bearer');
  expect(signature).toBe('SIGNATURE_REMOVED_BY_GOOGLE');
  expect(claims).toMatchObject({
    iss: 'https://accounts.google.com',
    aud: 'https://fn.example.com',
    email: 'pusher@acme.iam.gserviceaccount.com',
    email_verified: true,
  });
  const lifetimeSeconds = Number(claims.exp) - Date.now() / 1_000;
  expect(lifetimeSeconds).toBeGreaterThan(3_500);
  expect(lifetimeSeconds).toBeLessThanOrEqual(3_600);
});

it('sends an ID token for the endpoint when no audience is given', async () => {
  const request = await pushed({ oidc: { serviceAccountEmail: 'pusher@acme.iam.gserviceaccount.com' } });
  expect(parseToken(request).claims).toMatchObject({ aud: sink.url('/push?a=b') });
});

function parseToken(request: PushedRequest | undefined) {
  const [scheme, token] = request?.headers.authorization?.split(' ') ?? [];
  const [, payload, signature] = token?.split('.') ?? [];
  const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
  return { scheme, claims, signature };
}
