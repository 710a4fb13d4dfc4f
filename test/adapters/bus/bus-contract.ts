import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { EffectIdSchema, RunIdSchema } from '../../../shared/contracts/id-schemas.ts';
import type { MessageBus } from '../../../shared/ports/message-bus.ts';
import { type BusInbox, hops } from './bus-inbox.ts';

/** A bus of one test, with nothing under way at first. */
export interface OpenBus {
  readonly bus: MessageBus;
  readonly inbox: BusInbox;
  close(): Promise<void>;
}

/** What every MessageBus promises; call it inside a `describe` of the implementation. */
export function specifyBus(open: () => Promise<OpenBus>): void {
  let opened: OpenBus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  it('delivers a message with its content', async () => {
    const { bus, inbox } = opened;
    const message = { runId: runId(1), stage: 'health' as const };
    await bus.publish('decide-stage', message);
    expect(await inbox.received.atLeast(1)).toContainEqual({ hop: 'decide-stage', message });
  });

  it('delivers a message without fields', async () => {
    const { bus, inbox } = opened;
    await bus.publish('sweep-stale-runs', {});
    expect(await inbox.received.atLeast(1)).toContainEqual({ hop: 'sweep-stale-runs', message: {} });
  });

  it('delivers again what was refused, until it is taken', async () => {
    const { bus, inbox } = opened;
    inbox.refuse(2);
    await bus.publish('check-health', { runId: runId(1) });
    const expected = { hop: 'check-health', message: { runId: runId(1) } };
    expect((await inbox.received.atLeast(3)).slice(0, 3)).toEqual([expected, expected, expected]);
  });

  it('delivers what comes after a refused message', async () => {
    const { bus, inbox } = opened;
    inbox.refuse(1);
    await bus.publish('check-health', { runId: runId(1) });
    await bus.publish('check-health', { runId: runId(2) });
    const received = await inbox.received.atLeast(3);
    expect(received).toContainEqual({ hop: 'check-health', message: { runId: runId(2) } });
  });

  it('delivers each message to its own hop', async () => {
    const { bus, inbox } = opened;
    const published = [
      { hop: 'check-health', message: { runId: runId(1) } },
      { hop: 'decide-stage', message: { runId: runId(2), stage: 'reverify' } },
      { hop: 'route-traffic', message: { effectId } },
      { hop: 'sweep-stale-runs', message: {} },
    ];
    await Promise.all([
      bus.publish('check-health', { runId: runId(1) }),
      bus.publish('decide-stage', { runId: runId(2), stage: 'reverify' }),
      bus.publish('route-traffic', { effectId }),
      bus.publish('sweep-stale-runs', {}),
    ]);
    const received = await inbox.received.atLeast(published.length);
    for (const hop of hops)
      expect(distinct(received.filter((one) => one.hop === hop))).toEqual(
        distinct(published.filter((one) => one.hop === hop)),
      );
  });

  it('delivers all of fifty messages that are published at once', async () => {
    const { bus, inbox } = opened;
    const runIds = Array.from({ length: 50 }, (_, i) => runId(i));
    await Promise.all(runIds.map((id) => bus.publish('check-health', { runId: id })));
    const received = await inbox.received.atLeast(runIds.length);
    expect(distinct(received)).toEqual(
      distinct(runIds.map((id) => ({ hop: 'check-health', message: { runId: id } }))),
    );
  });

  it('keeps every character, also such as no hop would accept', async () => {
    const { bus, inbox } = opened;
    const message = { kind: 'build' as const, name: 'Grüße "zurück" ✓ 日本 🚀 \\ \u0001\u2028' };
    await bus.publish('begin-validation', message);
    expect(await inbox.received.atLeast(1)).toContainEqual({ hop: 'begin-validation', message });
  });
}

export function runId(n: number) {
  return RunIdSchema.parse(n.toString(16).padStart(20, '0'));
}

const effectId = EffectIdSchema.parse('effect-3');

/** As often as the bus likes, in the order that it likes. */
function distinct(received: readonly unknown[]): readonly string[] {
  return [...new Set(received.map((one) => JSON.stringify(one)))].sort();
}
