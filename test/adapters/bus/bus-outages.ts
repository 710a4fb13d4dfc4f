import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { PubsubBus, PubsubBusOptions } from '../../../shared/adapters/pubsub/pubsub-bus.ts';
import { PermanentError, TransientError } from '../../../shared/domain/errors.ts';
import { runId } from './bus-contract.ts';
import type { BusInbox } from './bus-inbox.ts';
import type { BusRelay } from './bus-relay.ts';

/** A Pub/Sub behind a line that can be cut. */
export interface OpenPubsub {
  readonly relay: BusRelay;
  readonly inbox: BusInbox;
  readonly projectId: string;
  /** A bus of its own, which the test need not close. */
  connect(options: Omit<PubsubBusOptions, 'projectId' | 'endpoint'>): PubsubBus;
  close(): Promise<void>;
}

const timeoutMs = 2_000;
const slackMs = 1_500;
const message = { runId: runId(7) };

/** What a bus promises that is elsewhere: publishing succeeds only when the message is safe, and fails in time. */
export function specifyOutages(open: () => Promise<OpenPubsub>): void {
  let opened: OpenPubsub;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  it('fails in time, for a later attempt, while nothing listens', async () => {
    const bus = opened.connect({ timeoutMs });
    await opened.relay.cut();
    const { error, ms } = await failureOf(() => bus.publish('check-health', message));
    expect(error).toBeInstanceOf(TransientError);
    expect(ms).toBeLessThan(timeoutMs + slackMs);
  });

  it('fails in time, for a later attempt, while nobody answers', async () => {
    const bus = opened.connect({ timeoutMs });
    opened.relay.silence();
    const { error, ms } = await failureOf(() => bus.publish('check-health', message));
    expect(error).toBeInstanceOf(TransientError);
    expect(ms).toBeLessThan(timeoutMs + slackMs);
  });

  it('publishes again, on the same client, when the line is back', async () => {
    const bus = opened.connect({ timeoutMs });
    await bus.publish('check-health', message);
    await opened.relay.cut();
    await expect(bus.publish('check-health', { runId: runId(8) })).rejects.toThrow(TransientError);
    await opened.relay.restore();
    await bus.publish('check-health', { runId: runId(9) });
    const received = await opened.inbox.received.atLeast(2);
    expect(received).toContainEqual({ hop: 'check-health', message: { runId: runId(9) } });
  });

  it('fails for good, by the name of the topic, when there is no such topic', async () => {
    const bus = opened.connect({ timeoutMs, topicPrefix: 'nobody-made-' });
    const { error } = await failureOf(() => bus.publish('check-health', message));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining(`projects/${opened.projectId}/topics/nobody-made-check-health: NOT_FOUND`),
    );
  });

  it('says nothing of the request in its errors', async () => {
    const bus = opened.connect({ timeoutMs, topicPrefix: 'nobody-made-' });
    const { error } = await failureOf(() => bus.publish('check-health', message));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/metadata|x-goog|authorization/i);
  });
}

async function failureOf(work: () => Promise<void>): Promise<{ error: unknown; ms: number }> {
  const started = performance.now();
  const error = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - started };
}
