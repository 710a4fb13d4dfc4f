import { describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { atProbe } from '../../world/behaviours.ts';
import { answers } from '../../world/fake-cloud.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const watch = { for: '10m', minimum: '60s', interval: '10s' } as const;

describe('a preview that is deployed while a revision is watched that users get', () => {
  it('does not cut the watch short: it is there to be looked at, and takes nothing over', async () => {
    const world = await World.create({ config: aConfig(aServiceConfig({ watch })) });
    await world.deployGood('web-1');
    for (const name of ['web-1', 'web-2']) world.cloud.users.set(name, users(100));
    let preview: string | undefined;
    const name = world.deployByBuild('web-2', {
      behaviour: atProbe(12, async () => {
        const tags = await world.tags();
        world.cloud.editTraffic(world.ref, [
          { revision: 'web-2' as RevisionName, percent: 100 },
          ...tags,
          { revision: 'web-3' as RevisionName, percent: 0, tag: 'pr-7' },
        ]);
        preview = world.deployByBuild('web-3', { behaviour: answers.good });
        void world.publish('begin-validation', { kind: 'build', name: preview });
      }),
    });
    await world.finishBuild(name);
    expect(preview).toBeDefined();
    const watched = await world.decision('web-2', 'watch');
    expect(watched?.verdict).toBe('pass');
    expect(watched).toMatchObject({ short: false });
  });
});
