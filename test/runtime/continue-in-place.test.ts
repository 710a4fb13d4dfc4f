import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Hop, MessageOf } from '../../shared/contracts/messages.ts';
import { TransientError } from '../../shared/domain/errors.ts';
import type { RunId } from '../../shared/domain/ids.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { continueInPlace } from '../../shared/runtime/continue-in-place.ts';
import { deliverInProcess } from '../../shared/runtime/deliver.ts';
import { World } from '../world/world.ts';

const runId = '0'.repeat(20) as RunId;
const build = { kind: 'build', name: 'projects/p/builds/b' } as const;

describe('a function that continues in place', () => {
  let world: World;
  let done: Hop[];
  let sent: Hop[];
  let ports: Ports;

  beforeEach(async () => {
    world = await World.create();
    done = [];
    sent = [];
    const publish = async <H extends Hop>(hop: H, _message: MessageOf<H>) => void sent.push(hop);
    ports = { ...world.ports, bus: { publish } };
  });

  /** Each hop wakes these, and then fails if it is `failing`. */
  const run = (wakes: Partial<Record<Hop, readonly Hop[]>>, failing?: Hop) =>
    continueInPlace('begin-validation', build, ports, async (hop, _message, { bus }) => {
      done.push(hop);
      for (const to of wakes[hop] ?? []) await bus.publish(to, { runId, stage: 'health' } as never);
      if (hop === failing) throw new TransientError('not now');
    });

  it('goes on with what it wakes, and leaves the rest to others', async () => {
    await run({
      'begin-validation': ['check-health'],
      'check-health': ['decide-stage'],
      'decide-stage': ['route-traffic', 'check-health'],
    });
    expect(done).toEqual(['begin-validation', 'check-health', 'decide-stage']);
    expect(sent).toEqual(['route-traffic', 'check-health']);
  });

  it('lets no second run wait for the first', async () => {
    await run({ 'begin-validation': ['check-health', 'check-health'] });
    expect(done).toEqual(['begin-validation', 'check-health']);
    expect(sent).toEqual(['check-health']);
  });

  it('has what fails on the way delivered by the bus', async () => {
    await run({ 'begin-validation': ['check-health'], 'check-health': ['decide-stage'] }, 'check-health');
    expect(done).toEqual(['begin-validation', 'check-health']);
    expect(sent).toEqual(['check-health']);
  });

  it('has its own message delivered again if that fails, and what it woke by the bus', async () => {
    const failed = run({ 'begin-validation': ['check-health'] }, 'begin-validation');
    await expect(failed).rejects.toThrow('not now');
    expect(done).toEqual(['begin-validation']);
    expect(sent).toEqual(['check-health']);
  });

  it('decides on the revision of a build before the message is acknowledged', async () => {
    await world.deployGood('web-1');
    const name = world.deployByBuild('web-2');
    await continueInPlace('begin-validation', { kind: 'build', name }, ports, (hop, message, granted) =>
      deliverInProcess(hop, message as never, granted),
    );
    expect(await world.decision('web-2', 'health')).toMatchObject({ verdict: 'pass' });
    expect(sent).toEqual(['check-health']);
  });
});
