import { beforeEach, describe, expect, it } from '@jest/globals';
import type { NotificationConfig } from '../../../shared/contracts/notices/notification-config.ts';
import { freezeOf, killSwitch, pauseOf } from '../../../shared/contracts/records.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { noticeEventKinds } from '../../../shared/domain/notices/notice-event.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { act } from '../../world/act-manually.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const team: NotificationConfig = {
  name: 'team',
  kind: 'webhook',
  url: { env: 'HOOK' },
  secret: { env: 'KEY' },
  events: [...noticeEventKinds],
};

let world: World;

async function worldWith(...notifications: NotificationConfig[]): Promise<void> {
  world = await World.create({ config: aConfig(aServiceConfig({ notifications })) });
  await world.deployGood('web-1');
}

beforeEach(() => worldWith(team));

/** The kinds of the events that were sent, in their order. */
function sent(): string[] {
  return world.notifier.sent.map(({ body }) => JSON.parse(body).kind);
}

describe('events', () => {
  it('tell of a rollback once, and of the way back', async () => {
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await sweepForMinutes(world, 3);
    expect(sent()).toEqual(['rolled-back']);
    const [first] = world.notifier.sent;
    expect(first).toMatchObject({ url: { env: 'HOOK' }, secret: { env: 'KEY' } });
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      id: first?.id,
      revision: 'web-2',
      target: 'web-1',
      undo: expect.stringContaining('gcloud run services update-traffic web'),
    });
  });

  it('tell of a promotion that releases the pin', async () => {
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(sent()).toEqual(['rolled-back', 'promoted', 'pin-released']);
  });

  it('tell of a rollback that did not help, and of the freeze after it', async () => {
    const watch = { for: '10m', minimum: '60s' };
    await world.applyConfig(aConfig(aServiceConfig({ watch, notifications: [team] })));
    const errors = users(100, 20);
    world.cloud.users.set('web-1', (query) => (world.cloud.writes.length > 0 ? errors : users(100))(query));
    world.cloud.users.set('web-2', errors);
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(sent()).toEqual(['rolled-back', 'freeze-set', 'unrestored']);
  });

  it('tell of an alarm that opens and closes', async () => {
    const rollback = { ...aServiceConfig().rollback, policy: 'notify' as const };
    await world.applyConfig(aConfig(aServiceConfig({ rollback, notifications: [team] })));
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.fixTraffic(['web-1', 60], ['web-2', 40]);
    await sweepForMinutes(world, 5);
    expect(sent()).toEqual(['alarm-opened']);
    await world.fixTraffic(['web-1', 100]);
    await sweepForMinutes(world, 3);
    expect(sent()).toEqual(['alarm-opened', 'alarm-closed']);
  });

  it('tell of a pin whose traffic someone else has moved', async () => {
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await world.fixTraffic(['web-1', 50], ['web-2', 50]);
    await sweepForMinutes(world, 1);
    expect(sent().slice(0, 2)).toEqual(['rolled-back', 'pin-released']);
  });

  it('tell of a freeze, by whom and how it ends, and not of a pause', async () => {
    const key = serviceKeyOf(world.ref);
    await setControl(freezeOf(key), { reason: 'incident 42', actor: 'ann' }, world.ports);
    await setControl(freezeOf(key), { reason: 'again', actor: 'bob' }, world.ports);
    await setControl(pauseOf(key), { reason: 'lunch', actor: 'ann' }, world.ports);
    await sweepForMinutes(world, 1);
    await liftControl(freezeOf(key), 'bob', world.ports);
    await sweepForMinutes(world, 1);
    expect(world.notifier.sent.map(({ body }) => JSON.parse(body))).toMatchObject([
      { kind: 'freeze-set', actor: 'ann', reason: { text: 'incident 42' }, undo: 'deploy-loop unfreeze web' },
      { kind: 'freeze-lifted', actor: 'bob', service: { name: 'web' } },
    ]);
  });

  it('tell of the kill switch once, however many services have the channel', async () => {
    const other = aServiceConfig({ name: 'api', service: 'api', notifications: [team] });
    await world.applyConfig(aConfig(aServiceConfig({ notifications: [team] }), other));
    await setControl(killSwitch, { reason: 'incident 42', actor: 'ann' }, world.ports);
    await sweepForMinutes(world, 1);
    expect(world.notifier.sent.map(({ body }) => JSON.parse(body))).toMatchObject([
      { kind: 'freeze-set', service: null, undo: 'deploy-loop unfreeze --all' },
    ]);
  });

  it('tell of what a person did, and who', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    world.notifier.sent.length = 0;
    await act(world, 'rollback');
    expect(sent()).toEqual(['rolled-back']);
    expect(JSON.parse(world.notifier.sent[0]?.body ?? '')).toMatchObject({
      actor: expect.any(String),
      target: 'web-1',
    });
  });

  it('go only to who asked for them, in the form of each', async () => {
    await worldWith(
      { ...team, name: 'slack', kind: 'slack', secret: undefined, events: ['rolled-back'] },
      { ...team, name: 'chat', kind: 'chat', secret: undefined, events: ['rolled-back'] },
      { ...team, name: 'other', events: ['promoted'] },
    );
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    const keys = world.notifier.sent.map(({ body }) => Object.keys(JSON.parse(body)));
    expect(keys).toEqual([
      ['text', 'mrkdwn', 'unfurl_links', 'unfurl_media', 'blocks'],
      ['text', 'cardsV2'],
    ]);
  });

  it('come again with the same id after a lost answer', async () => {
    const ids: string[] = [];
    world.notifier.before = ({ id }) => {
      ids.push(id);
      if (ids.length === 1) throw new TransientError('the webhook did not answer: timeout');
    };
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    await sweepForMinutes(world, 3);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });
});
