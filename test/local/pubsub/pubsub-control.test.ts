import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalPubsub } from '../../../infra/local/pubsub/local-pubsub.ts';
import type { PubsubProfile } from '../../../infra/local/pubsub/pubsub-profile.ts';
import { PubsubSink } from './pubsub-sink.ts';

let sink: PubsubSink;
let pubsub: LocalPubsub;
beforeEach(async () => {
  sink = await PubsubSink.open();
  pubsub = await open();
});
afterEach(async () => {
  await pubsub.stop();
  await sink.close();
});

async function open(seed = 1, overrides: Partial<PubsubProfile> = {}): Promise<LocalPubsub> {
  const opened = await LocalPubsub.start({ projectId: 'acme', seed, overrides });
  opened.createTopic('orders');
  opened.createSubscription('billing', { topic: 'orders', pushEndpoint: sink.url() });
  return opened;
}

function publish(to = pubsub): string {
  return to.publish('orders', { data: Buffer.from('x') });
}

/** The ids of what was pushed, in the order of the pushes. */
function pushedBy(source: LocalPubsub): readonly string[] {
  const ids: string[] = [];
  source.onDelivery(({ message }) => ids.push(message.messageId));
  return ids;
}

describe('pause', () => {
  it('holds messages until resume', async () => {
    const pushed = pushedBy(pubsub);
    pubsub.pause();
    const ids = [publish(), publish()];
    expect(pubsub.outstanding()).toBe(2);
    expect(pubsub.outstanding('billing')).toBe(2);
    pubsub.resume();
    await pubsub.idle();
    expect([...pushed].sort()).toEqual(ids);
    expect(pubsub.outstanding()).toBe(0);
  });

  it('can hold one subscription only', async () => {
    pubsub.createSubscription('audit', { topic: 'orders', pushEndpoint: sink.url('/audit') });
    pubsub.pause('billing');
    publish();
    expect((await sink.requests.atLeast(1)).map(({ path }) => path)).toEqual(['/audit']);
    pubsub.resume('billing');
    await pubsub.idle();
    expect(sink.requests.all.map(({ path }) => path)).toEqual(['/audit', '/']);
  });
});

describe('seek', () => {
  it('delivers what was acknowledged once more', async () => {
    const pushed = pushedBy(pubsub);
    const ids = [publish(), publish()];
    await pubsub.idle();
    pubsub.seek('billing', 'all');
    await pubsub.idle();
    expect([...pushed].sort()).toEqual([...ids, ...ids].sort());
  });

  it('does not double what is outstanding', async () => {
    pubsub.pause();
    publish();
    pubsub.seek('billing', 'all');
    expect(pubsub.outstanding()).toBe(1);
    pubsub.resume();
    await pubsub.idle();
  });

  it('leaves out what was published before that time', async () => {
    publish();
    await pubsub.idle();
    pubsub.seek('billing', new Date(Date.now() + 60_000));
    expect(pubsub.outstanding()).toBe(0);
  });
});

describe('disturb', () => {
  it('delivers every message twice, by one id', async () => {
    const pushed = pushedBy(pubsub);
    pubsub.disturb({ duplicateRate: 1, delayMs: 20 });
    const ids = [publish(), publish(), publish()];
    await pubsub.idle();
    expect([...pushed].sort()).toEqual([...ids, ...ids].sort());
  });

  it('lets messages overtake each other', async () => {
    const pushed = pushedBy(pubsub);
    pubsub.disturb({ reorderRate: 0.5, delayMs: 200 });
    const ids = Array.from({ length: 20 }, () => publish());
    await pubsub.idle();
    expect([...pushed].sort()).toEqual(ids);
    expect(pushed).not.toEqual(ids);
  });

  it('duplicates the same messages for the same seed, and others for another', async () => {
    const duplicatesOf = async (seed: number) => {
      await using one = await open(seed, { duplicateRate: 0.5 });
      const pushed = pushedBy(one);
      for (let i = 0; i < 20; i++) publish(one);
      await one.idle();
      return pushed.filter((id, i) => pushed.indexOf(id) < i).sort();
    };
    expect(await duplicatesOf(1)).toEqual(await duplicatesOf(1));
    expect(await duplicatesOf(1)).not.toEqual(await duplicatesOf(2));
  });
});

describe('stop', () => {
  it('ends what waits, what is held and what is under way', async () => {
    const begun = Promise.withResolvers<void>();
    sink.answer = () => {
      begun.resolve();
      return undefined;
    };
    const pushed = pushedBy(pubsub);
    publish();
    await begun.promise;
    pubsub.pause();
    publish();
    pubsub.disturb({ reorderRate: 1, delayMs: 60_000 });
    publish();
    await pubsub.stop();
    expect(pubsub.outstanding()).toBe(0);
    expect(pushed).toEqual([]);
    await pubsub.idle();
  });

  it('ends a message that is given up again and again', async () => {
    sink.answer = () => 500;
    pubsub.createSubscription('loop', {
      topic: 'orders',
      pushEndpoint: sink.url('/loop'),
      deadLetter: { topic: 'orders', maxDeliveryAttempts: 1 },
    });
    publish();
    await sink.requests.atLeast(10);
    await pubsub.stop();
    expect(pubsub.outstanding()).toBe(0);
  });
});
