import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { pinAnnotation } from '../../../shared/contracts/records/pin-annotation.ts';
import { services } from '../../../shared/contracts/records.ts';
import { type RevisionName, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { orderOf } from '../../../shared/domain/revision.ts';
import { lastGoodAnnotation, lastGoodMark } from '../../../shared/domain/traffic/plan-traffic.ts';
import { update } from '../../../shared/ports/store.ts';
import { seedStable } from '../../../shared/services/runs/begin-guard.ts';
import { aServiceConfig } from '../../builders.ts';
import { act } from '../../world/act-manually.ts';
import { answers } from '../../world/fake-cloud.ts';
import { ForgetfulWorld } from '../../world/forgetful-world.ts';

const name = (revision: string) => revision as RevisionName;
const hour = 3_600_000;

let world: ForgetfulWorld;

beforeEach(async () => {
  world = await ForgetfulWorld.begin();
});

/** The pin in the service's annotation, as text of others' making would be read. */
async function annotation(): Promise<Record<string, unknown> | undefined> {
  const text = (await world.cloud.getService(world.ref))?.annotations[pinAnnotation];
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
}

async function rollBack(): Promise<void> {
  world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
  await world.guard('web-2');
  expect(await world.spec()).toEqual([['web-1', 100]]);
  await world.clock.sleep(hour);
}

describe('after a rollback, a guard without records', () => {
  beforeEach(rollBack);

  it('promotes the fix, restores LATEST, and takes the annotation away', async () => {
    expect(await annotation()).toMatchObject({ owner: 'guard', target: 'web-1', bad: 'web-2' });
    world.cloud.deploy(world.ref, 'web-3');
    await world.guardAnew('web-3');
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    expect(await annotation()).toBeUndefined();
    expect((await world.service())?.pin).toBeUndefined();
    await world.clock.sleep(hour);
    world.cloud.deploy(world.ref, 'web-4');
    expect(await world.serving()).toEqual({ 'web-4': 100 });
  });

  it('restores a split of several revisions', async () => {
    world = await ForgetfulWorld.begin();
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.fixTraffic(['web-1', 60], ['web-2', 40]);
    await world.guard('web-2');
    world.cloud.deploy(world.ref, 'web-3');
    await world.guardAnew('web-3');
    expect(await world.spec()).toEqual([
      ['web-1', 60],
      ['web-3', 40],
    ]);
  });

  it('keeps the pin when the next deploy is bad too, for the one after', async () => {
    world.cloud.deploy(world.ref, 'web-3', { behaviour: answers.unavailable });
    await world.guardAnew('web-3');
    expect(await world.spec()).toEqual([['web-1', 100]]);
    await world.clock.sleep(hour);
    world.cloud.deploy(world.ref, 'web-4');
    await world.guardAnew('web-4');
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('leaves what a person has moved since where it is', async () => {
    await world.fixTraffic(['web-1', 90], ['web-2', 10]);
    world.cloud.deploy(world.ref, 'web-3');
    await world.guardAnew('web-3');
    expect(await world.spec()).toEqual([
      ['web-1', 90],
      ['web-2', 10],
    ]);
    expect(await world.run('web-3')).toMatchObject({ reasons: [{ code: 'healthy-without-traffic' }] });
  });

  it.each([
    ['another tool has replaced all annotations', undefined],
    ['it is no JSON', '{'],
    ['it is JSON of another kind', '[]'],
    ['it names what is no revision', (pin: object) => ({ ...pin, target: '--web', after: [] })],
    ['its traffic is not 100 %', (pin: object) => ({ ...pin, before: [{ percent: 90 }] })],
    ['it says more than a pin can', (pin: object) => ({ ...pin, to: 'web-9' })],
    ['it was copied from another service', (pin: object) => ({ ...pin, service: '0'.repeat(20) })],
    ['it does not say of which service it is', ({ service: _, ...pin }: { service?: string }) => pin],
    ['it is far too long', (pin: object) => ({ ...pin, effectId: 'a'.repeat(40_000) })],
    [
      'it is about other traffic',
      (pin: object) => ({ ...pin, after: [{ revision: 'web-2', percent: 100 }] }),
    ],
  ])('moves nothing where %s, and says that the fix has no traffic', async (_what, text) => {
    if (text === undefined) world.cloud.dropAnnotations(world.ref);
    else {
      const pin = typeof text === 'string' ? text : JSON.stringify(text((await annotation()) ?? {}));
      world.cloud.annotate(world.ref, { [pinAnnotation]: pin });
    }
    world.cloud.deploy(world.ref, 'web-3');
    await world.guardAnew('web-3');
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect(await world.run('web-3')).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'healthy-without-traffic' }],
    });
  });
});

describe('the last good revision in the annotation', () => {
  /** After the guard of web-2, which is good, and a deploy of web-3, which is bad. */
  async function badAfterGood(between: () => void): Promise<void> {
    world.cloud.deploy(world.ref, 'web-2');
    await world.guard('web-2');
    await world.clock.sleep(hour);
    between();
    world.cloud.deploy(world.ref, 'web-3', { behaviour: answers.unavailable });
    await world.guardAnew('web-3');
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail' });
  }

  it('is what a guard without records rolls back to', async () => {
    await badAfterGood(() => {});
    expect(await world.spec()).toEqual([['web-2', 100]]);
  });

  it('also as earlier versions have written it, by its name alone', async () => {
    await badAfterGood(() => world.cloud.annotate(world.ref, { [lastGoodAnnotation]: 'web-2' }));
    expect(await world.spec()).toEqual([['web-2', 100]]);
  });

  it('is no other revision that was made anew under its name, here or in the service that it was copied to', async () => {
    await badAfterGood(() => {
      world.cloud.deleteRevision(world.ref, 'web-2');
      world.cloud.deploy(world.ref, 'web-2');
    });
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });
});

describe('the last good revision of new records', () => {
  const known = async () => (await world.service())?.lastGood.map(({ revision }) => revision);
  const seed = (named?: RevisionName) => seedStable(aServiceConfig(), named, world.ports);

  beforeEach(async () => {
    world.cloud.annotate(world.ref, { [lastGoodAnnotation]: 'web-1' });
    await world.forget();
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    await world.guard('web-1');
    expect(await world.run('web-1')).toMatchObject({ verdict: 'fail' });
    expect(await known()).toEqual([]);
  });

  it('is not taken from the annotation again once it was judged bad', async () => {
    await seed();
    expect(await known()).toEqual([]);
  });

  it('is none that a person has moved users away from', async () => {
    const newer = world.cloud.deploy(world.ref, 'web-2');
    await world.forget();
    world.cloud.annotate(world.ref, lastGoodMark(orderOf(newer)));
    expect(await act(world, 'rollback', { revision: name('web-1'), force: true })).toMatchObject({
      state: 'done',
    });
    await seed();
    expect(await known()).toEqual([]);
  });

  it('is what a person names as long as none is recorded', async () => {
    expect(await seed(name('web-1'))).toEqual([]);
    expect(await known()).toEqual(['web-1']);
    world.cloud.deploy(world.ref, 'web-2');
    expect(await seed(name('web-2'))).toEqual(['web-1']);
    expect(await known()).toEqual(['web-1']);
  });
});

describe('of two machines with records of their own,', () => {
  it('the second promotes the fix of what the first has rolled back', async () => {
    const second = await world.forget();
    await seedStable(aServiceConfig(), name('web-1'), world.ports);
    await rollBack();
    world.recall(second);
    world.cloud.deploy(world.ref, 'web-3');
    await world.guard('web-3');
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });
});

describe("a person's pin", () => {
  beforeEach(async () => {
    expect(await act(world, 'pin')).toMatchObject({ state: 'done' });
  });

  it('is respected by a guard without records: a good deploy gets nothing', async () => {
    expect(await annotation()).toMatchObject({ owner: 'human', target: 'web-1' });
    world.cloud.deploy(world.ref, 'web-2');
    await world.guardAnew('web-2');
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect(await world.run('web-2')).toMatchObject({ reasons: [{ code: 'human-pin' }] });
  });

  it('is respected by a guard whose records hold an older pin of the guard', async () => {
    world = await ForgetfulWorld.begin();
    await rollBack();
    const own = await world.forget();
    expect(await act(world, 'pin')).toMatchObject({ state: 'done' });
    world.recall(own);
    world.cloud.deploy(world.ref, 'web-3');
    await world.guard('web-3');
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect(await world.run('web-3')).toMatchObject({ reasons: [{ code: 'human-pin' }] });
  });

  it('on a bad revision is respected up to the write, with records that know nothing of it', async () => {
    world = await ForgetfulWorld.begin();
    const split = { before: [{ percent: 100 }], after: [{ revision: 'web-2', percent: 100 }] };
    const service = serviceKeyOf(world.ref);
    const pin = {
      service,
      owner: 'human',
      effectId: 'manual.x',
      target: 'web-2',
      ...split,
      at: world.clock.now(),
    };
    let looks = 0;
    const behaviour = () => {
      if (++looks === 2) world.cloud.annotate(world.ref, { [pinAnnotation]: JSON.stringify(pin) });
      return answers.unavailable();
    };
    world.cloud.deploy(world.ref, 'web-2', { behaviour });
    await world.guard('web-2');
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'human-pin' } });
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('is undone by unpin without records: what was there before is restored', async () => {
    await world.forget();
    expect(await act(world, 'unpin')).toMatchObject({ state: 'done' });
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    expect(await annotation()).toBeUndefined();
  });

  it('that was the first entry of new records leaves a later guard the last good revision to roll back to', async () => {
    expect(await act(world, 'unpin')).toMatchObject({ state: 'done' });
    world.cloud.annotate(world.ref, { [lastGoodAnnotation]: 'web-1' });
    await world.forget();
    expect(await act(world, 'pin')).toMatchObject({ state: 'done' });
    expect(await act(world, 'unpin')).toMatchObject({ state: 'done' });
    await rollBack();
  });

  it('stays with what a person promotes without records', async () => {
    await world.forget();
    world.cloud.deploy(world.ref, 'web-2');
    expect(await act(world, 'promote', { revision: 'web-2', force: true })).toMatchObject({ state: 'done' });
    expect(await annotation()).toMatchObject({ owner: 'human', target: 'web-2', before: [{ percent: 100 }] });
  });
});

describe('with records,', () => {
  beforeEach(rollBack);

  it('an annotation counts no more once the sweep has seen that others moved its traffic, even back again', async () => {
    await world.fixTraffic(['web-2', 100]);
    await world.clock.sleep(60_000);
    await world.sweep();
    expect((await world.service())?.pin).toBeUndefined();
    await world.fixTraffic(['web-1', 100]);
    world.cloud.deploy(world.ref, 'web-3');
    await world.guard('web-3');
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect(await world.run('web-3')).toMatchObject({ reasons: [{ code: 'healthy-without-traffic' }] });
  });

  it('the pin of the record is restored, whatever an annotation of the guard says', async () => {
    const other = JSON.stringify({ ...(await annotation()), before: [{ revision: 'web-2', percent: 100 }] });
    world.cloud.annotate(world.ref, { [pinAnnotation]: other });
    world.cloud.deploy(world.ref, 'web-3');
    await world.guard('web-3');
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('an annotation about other traffic changes nothing, not even as a manual pin', async () => {
    const after = [{ revision: 'web-2', percent: 100 }];
    const other = { ...(await annotation()), owner: 'human', target: 'web-2', after };
    world.cloud.annotate(world.ref, { [pinAnnotation]: JSON.stringify(other) });
    world.cloud.deploy(world.ref, 'web-3');
    await world.guard('web-3');
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    expect(await annotation()).toBeUndefined();
  });

  it('a pin that moves with a promotion by name is annotated as it is then', async () => {
    world.cloud.deploy(world.ref, 'web-3');
    world.cloud.deploy(world.ref, 'web-4', { readiness: { kind: 'pending' } });
    await world.guard('web-3');
    expect(await world.spec()).toEqual([['web-3', 100]]);
    expect(await annotation()).toMatchObject({ owner: 'guard', target: 'web-3', before: [{ percent: 100 }] });
    world.cloud.deleteRevision(world.ref, 'web-4');
    await world.clock.sleep(hour);
    world.cloud.deploy(world.ref, 'web-5');
    await world.guardAnew('web-5');
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('the annotation holds what the record does', async () => {
    const pin = (await world.service())?.pin;
    const { before: _, after: __, ...rest } = pin ?? {};
    expect(await annotation()).toMatchObject(JSON.parse(JSON.stringify(rest)) as object);
    const ref = documentIn(services, serviceKeyOf(world.ref));
    const stored = await world.store.get(ref);
    if (stored) await world.store.commit([update(ref, stored, { pin: undefined })]);
    world.cloud.deploy(world.ref, 'web-3');
    await world.guard('web-3');
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });
});
