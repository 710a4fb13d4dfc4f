import { describe, expect, it } from '@jest/globals';
import { SystemClock } from '../../../shared/adapters/system-clock.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import type { CloudRun, TrafficChange } from '../../../shared/ports/cloud-run.ts';
import type { Write } from '../../../shared/ports/store.ts';
import { StoppablePorts } from '../../../shared/runtime/stop/stoppable-ports.ts';
import { aRef } from '../../builders.ts';
import { World } from '../../world/world.ts';

const stopped = new Error('stopped');
const change = {} as TrafficChange;

function around(run: CloudRun, updateTraffic: CloudRun['updateTraffic']): CloudRun {
  return {
    getService: (ref) => run.getService(ref),
    getRevision: (ref, revision) => run.getRevision(ref, revision),
    getSettings: (ref, revision) => run.getSettings(ref, revision),
    listRevisions: (ref) => run.listRevisions(ref),
    updateTraffic,
  };
}

/** Ports whose traffic write ends when the test says so. */
async function ports() {
  const world = await World.create();
  const written = Promise.withResolvers<void>();
  const stop = new AbortController();
  const stoppable = new StoppablePorts(stop.signal);
  const run = around(world.ports.run, () => written.promise);
  const committed: string[] = [];
  const store = {
    ...world.ports.store,
    commit: async (_writes: readonly Write[]) => void committed.push('recorded'),
  };
  const wrapped = stoppable.wrap({ ...world.ports, clock: new SystemClock(), run, store });
  return { stop, stoppable, written, committed, clock: new SystemClock(), wrapped };
}

describe('work that is stopped', () => {
  it('ends only after its traffic write, and the record of its outcome', async () => {
    const { stop, stoppable, written, committed, clock, wrapped } = await ports();
    const work = wrapped.run.updateTraffic(aRef, change).then(async () => {
      await wrapped.store.commit([]);
      return await new Promise<never>(() => {});
    });
    let isOver = false;
    const ended = stoppable.unlessStopped(work, clock).finally(() => (isOver = true));
    stop.abort(stopped);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    written.resolve();
    await expect(ended).rejects.toBe(stopped);
    expect(committed).toEqual(['recorded']);
  });

  it('begins no further write, and says that nothing was sent', async () => {
    const { stop, written, wrapped } = await ports();
    written.resolve();
    stop.abort(stopped);
    await expect(wrapped.run.updateTraffic(aRef, change)).rejects.toThrow(TransientError);
  });

  it('whose sleep is cut short does not go on', async () => {
    const { stop, stoppable, clock, wrapped } = await ports();
    let went = false;
    const work = wrapped.clock.sleep(3_600_000).then(() => (went = true));
    const ended = stoppable.unlessStopped(work, clock);
    stop.abort(stopped);
    await expect(ended).rejects.toBe(stopped);
    expect(went).toBe(false);
  });

  it('has the result that it reached before', async () => {
    const { stoppable, clock } = await ports();
    expect(await stoppable.unlessStopped(Promise.resolve(7), clock)).toBe(7);
  });
});
