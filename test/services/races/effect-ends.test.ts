import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { killSwitch, outbox } from '../../../shared/contracts/records.ts';
import { PermanentError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import { effectIdOf } from '../../../shared/domain/ids.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { aCanaryWorld } from '../../world/canary-world.ts';
import { answers } from '../../world/fake-cloud.ts';
import { onTrafficWrites } from '../../world/on-traffic-writes.ts';
import { World } from '../../world/world.ts';

const minute = 60_000;

describe('a canary that gives back within its step', () => {
  it('is told from a step that went on, when the answer to the write is lost', async () => {
    const world = await aCanaryWorld();
    let stepped = false;
    let lost = false;
    world.intercept((ports, hop) => {
      if (hop !== 'route-traffic') return {};
      const run = world.cloudPort();
      return {
        // It fails exactly when it is asked before its second step.
        prober: {
          ...ports.prober,
          probe: async (request) => (stepped ? answers.unavailable() : ports.prober.probe(request)),
        },
        run: {
          ...run,
          updateTraffic: async (ref, change) => {
            await run.updateTraffic(ref, change);
            const share = change.traffic.find((t) => t.revision === 'web-2')?.percent ?? 0;
            if (share > 0) stepped = true;
            else if (stepped && !lost) {
              lost = true;
              throw new UnknownOutcomeError('UNAVAILABLE');
            }
          },
        },
      };
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(lost).toBe(true);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    const effectId = effectIdOf(world.runIdOf('web-2'), 'step-1', 'step');
    expect((await world.store.get(documentIn(outbox, effectId)))?.data.outcome).toMatchObject({
      code: 'aborted',
    });
    expect(await world.run('web-2')).toMatchObject({
      state: 'closed',
      verdict: 'inconclusive',
      alert: true,
      reasons: [{ code: 'aborted', text: expect.stringContaining('fails its own probe') }],
    });
  });
});

describe('a write of an executor that was frozen after it had stored its intent', () => {
  it('does not land once its effect has ended as too old', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const effectId = effectIdOf(world.runIdOf('web-2'), 'health', 'rollback');
    let frozen = false;
    let endedBefore: unknown;
    onTrafficWrites(world, async (send, ref, change) => {
      if (frozen) return send(ref, change);
      frozen = true;
      await setControl(killSwitch, { reason: 'incident', actor: 'ann' }, world.ports);
      await world.clock.sleep(16 * minute);
      await world.publish('route-traffic', { effectId });
      await world.clock.sleep(5 * minute);
      endedBefore = (await world.store.get(documentIn(outbox, effectId)))?.data.state;
      await liftControl(killSwitch, 'ann', world.ports);
      return send(ref, change);
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(frozen).toBe(true);
    expect(endedBefore).toBe('skipped');
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});

describe('a write of the mark alone', () => {
  it('whose answer was lost ends its effect as skipped, and not as unknown', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const effectId = effectIdOf(world.runIdOf('web-2'), 'health', 'rollback');
    let calls = 0;
    onTrafficWrites(world, async (send, ref, change) => {
      // First: never arrives. Second, of the mark alone: lands, and its answer is lost.
      if (++calls === 1) world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
      else await send(ref, change);
      if (calls <= 2) throw new UnknownOutcomeError('UNAVAILABLE');
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.clock.sleep(2 * minute);
    await world.sweep();
    expect(calls).toBe(2);
    expect((await world.store.get(documentIn(outbox, effectId)))?.data).toMatchObject({
      state: 'skipped',
      outcome: { code: 'target-failing' },
    });
  });
});

describe('an effect that Cloud Run refuses', () => {
  it('does not end while an earlier write of it may still land', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    let calls = 0;
    let late: (() => Promise<void>) | undefined;
    onTrafficWrites(world, async (send, ref, change) => {
      if (++calls === 1) {
        late = () => send(ref, change);
        throw new UnknownOutcomeError('DEADLINE_EXCEEDED');
      }
      if (calls === 2) throw new PermanentError('PERMISSION_DENIED');
      return send(ref, change);
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    const effectId = effectIdOf(world.runIdOf('web-2'), 'health', 'rollback');
    const state = (await world.store.get(documentIn(outbox, effectId)))?.data.state;
    const landed = await late?.().then(
      () => true,
      () => false,
    );
    expect([state, landed]).not.toEqual(['stopped', true]);
  });

  it('does not end over the landed write of another executor', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const effectId = effectIdOf(world.runIdOf('web-2'), 'health', 'rollback');
    let calls = 0;
    onTrafficWrites(world, async (send, ref, change) => {
      if (++calls > 1) {
        await send(ref, change);
        // Traffic takes a while, and the second waits for it.
        world.cloud.setReconciling(world.ref, true);
        void world.clock.sleep(40_000).then(() => world.cloud.setReconciling(world.ref, false));
        return;
      }
      // The first gets its refusal after the second has written.
      await world.publish('route-traffic', { effectId });
      await world.clock.sleep(20_000);
      throw new PermanentError('PERMISSION_DENIED');
    });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.clock.sleep(minute);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect((await world.store.get(documentIn(outbox, effectId)))?.data.state).toBe('done');
    expect((await world.service())?.pin).toMatchObject({ owner: 'guard' });
  });
});
