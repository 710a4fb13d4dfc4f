import { describe, expect, it } from '@jest/globals';
import type { Hop, MessageOf } from '../../../shared/contracts/messages.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import type { CloudRun } from '../../../shared/ports/cloud-run.ts';
import { continueInPlace } from '../../../shared/runtime/continue-in-place.ts';
import { deliverInProcess } from '../../../shared/runtime/deliver.ts';
import { aConfig, aRef, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const other = { ...aRef, service: 'api' };

describe('a build of two services, one of which Cloud Run cannot say anything about for a while', () => {
  it('wakes the run of the other at once', async () => {
    const world = await World.create({
      config: aConfig(aServiceConfig(), aServiceConfig({ ...other, name: 'api' })),
    });
    await world.deployGood('web-1');
    world.cloud.deploy(other, 'api-1');
    const name = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    const labels = { 'gcb-build-id': name.split('/').at(-1) ?? '' };
    world.cloud.deploy(other, 'api-2', { labels });

    const sent: [Hop, unknown][] = [];
    const publish = async <H extends Hop>(hop: H, message: MessageOf<H>) => void sent.push([hop, message]);
    const getService: CloudRun['getService'] = async (ref) => {
      if (ref.service === 'api') throw new TransientError('away');
      return world.cloud.getService(ref);
    };
    const ports = { ...world.ports, bus: { publish }, run: { ...world.cloudPort(), getService } };
    const done = continueInPlace(
      'begin-validation',
      { kind: 'build', name },
      ports,
      (hop, message, granted) => deliverInProcess(hop, message as never, granted),
    );
    await expect(done).rejects.toThrow('away');
    expect(await world.run('web-2')).toMatchObject({ state: 'open' });
    expect(sent).toContainEqual(['check-health', { runId: world.runIdOf('web-2') }]);
  });
});
