import { describe, expect, it } from '@jest/globals';
import { MemoryBus } from '../../../shared/adapters/memory/memory-bus.ts';
import { PinoLogger } from '../../../shared/adapters/pino-logger.ts';
import { FakeClock } from '../../world/fake-clock.ts';
import { type OpenBus, specifyBus } from './bus-contract.ts';
import { BusInbox } from './bus-inbox.ts';

const log = PinoLogger.create('silent', process.stderr);

describe('MemoryBus', () => {
  specifyBus(async (): Promise<OpenBus> => {
    const bus = new MemoryBus(new FakeClock(), log);
    const inbox = new BusInbox();
    bus.connect(async (hop, message) => inbox.take({ hop, message }));
    return { bus, inbox, close: () => bus.idle() };
  });

  it('takes no message before somebody handles them', async () => {
    const bus = new MemoryBus(new FakeClock(), log);
    await expect(bus.publish('sweep-stale-runs', {})).rejects.toThrow('the bus is not connected');
  });

  it('gives a message up after as many deliveries as it was told, and says so', async () => {
    const bus = new MemoryBus(new FakeClock(), log, { maxDeliveries: 3, firstBackoffMs: 10 });
    const inbox = new BusInbox();
    inbox.refuse(Number.POSITIVE_INFINITY);
    bus.connect(async (hop, message) => inbox.take({ hop, message }));
    await bus.publish('sweep-stale-runs', {});
    await expect(bus.idle()).rejects.toThrow('refused by the test');
    expect(inbox.received.all).toHaveLength(3);
  });
});
