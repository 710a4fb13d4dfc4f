import { describe, expect, it } from '@jest/globals';
import type { Hop, MessageOf } from '../../../shared/contracts/messages.ts';
import { effectIdOf, type RevisionName, type RunId, runIdOf } from '../../../shared/domain/ids.ts';
import { aRef } from '../../builders.ts';
import { World } from '../../world/world.ts';

/** Everything that a publisher on our topics may claim of a run. */
const claims = (runId: RunId): readonly { [H in Hop]: readonly [H, MessageOf<H>] }[Hop][] => [
  ['route-traffic', { effectId: effectIdOf(runId, 'health', 'rollback') }],
  ['route-traffic', { effectId: effectIdOf(runId, 'health', 'promote') }],
  ['route-traffic', { effectId: effectIdOf(runId, 'reverify', 'rollback') }],
  ['decide-stage', { runId, stage: 'health' }],
  ['decide-stage', { runId, stage: 'tests' }],
  ['decide-stage', { runId, stage: 'reverify' }],
  ['check-health', { runId, burst: true }],
  ['dispatch-shards', { runId }],
  ['execute-shard', { runId, slot: 0, turn: 99 }],
  ['record-history', { runId }],
];

describe('a message that nobody of ours has sent', () => {
  it.each([
    ['a run that ended well', 'web-2'],
    ['a run that there is not', 'web-9'],
  ])('moves no traffic and changes no verdict, whatever it claims of %s', async (_what, revision) => {
    const world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2'));
    const before = { run: await world.run('web-2'), spec: await world.spec() };
    expect(before.run?.verdict).toBe('pass');
    const runId = runIdOf(aRef, revision as RevisionName, 1);
    for (const [hop, message] of claims(runId)) await world.publish(hop, message);
    expect({ run: await world.run('web-2'), spec: await world.spec() }).toEqual(before);
    expect(await world.run('web-9')).toBeUndefined();
  });

  it('decides nothing before the looks that it takes', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const name = world.deployByBuild('web-2');
    // As soon as the run is open, and before its first look.
    let forged = false;
    world.intercept((_ports, hop) => {
      if (hop === 'check-health' && !forged) {
        forged = true;
        for (const stage of ['health', 'tests', 'watch'] as const)
          void world.bus.publish('decide-stage', { runId: world.runIdOf('web-2'), stage });
      }
      return {};
    });
    await world.finishBuild(name);
    expect(forged).toBe(true);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});
