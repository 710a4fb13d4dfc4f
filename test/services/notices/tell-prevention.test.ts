import { beforeEach, describe, expect, it } from '@jest/globals';
import { TransientError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import { aConfig, aServiceConfig, type ServiceChanges } from '../../builders.ts';
import { FakeRepository } from '../../world/scm/fake-repository.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';
import { aToldService, deploy, noticeOf } from './told.ts';

let world: World;
let repository: FakeRepository;
let bad: string;

async function begin(github: object, of: ServiceChanges = {}): Promise<void> {
  const service = aToldService({ ...of, github: { status: false, ...github } });
  world = await World.create({ config: aConfig(service) });
  repository = new FakeRepository();
  repository.push('main', 'Start', { 'main.py': '', 'shop/__init__.py': '', 'shop/audit.py': '' });
  bad = repository.push('main', 'Tidy up', { '.dockerignore': '**/audit*\n' });
  const { commits, changes } = repository;
  world.intercept(() => ({
    scm: { connect: (to) => ({ ...world.scm.connect(to), commits, changes }) },
  }));
  await world.deployGood('web-1');
}

/** A revision in whose image a module is missing that the commit has. */
async function failFor(revision: string): Promise<void> {
  const text = "ModuleNotFoundError: No module named 'shop.audit'";
  const at = world.clock.trueNow();
  world.cloud.entries.set(revision, [{ insertId: 'cause', at, severity: 'ERROR', source: 'output', text }]);
  await deploy(world, revision, false, bad);
}

describe('the prevention of a failure', () => {
  beforeEach(() => begin({ prevention: true }));

  it('is a pull request that names the issue, and is named by it', async () => {
    await failFor('web-2');
    expect(repository.pulls).toMatchObject([{ state: 'open', body: expect.stringContaining('Closes #1.') }]);
    expect(world.scm.issues).toHaveLength(1);
    expect(world.scm.issues[0]?.body).toContain('(https://github.com/acme/shop/pull/100)');
    expect(await noticeOf(world, 'web-2', 'prevention')).toMatchObject({
      state: 'done',
      told: { pull: 100 },
    });
    expect(await noticeOf(world, 'web-2', 'issue')).toMatchObject({ state: 'done' });
  });

  it('is linked from the issue although nothing else happens after it', async () => {
    await begin({ prevention: true }, { rollback: { ...aServiceConfig().rollback, policy: 'notify' } });
    await failFor('web-2');
    expect(world.scm.issues[0]?.body).toContain('(https://github.com/acme/shop/pull/100)');
  });

  it('follows its issue at once, when that could not be written before', async () => {
    let isAway = true;
    world.scm.before = (call) => {
      if (call === 'issues.create' && isAway) throw new TransientError('503');
    };
    await failFor('web-2');
    expect(repository.pulls).toEqual([]);
    isAway = false;
    await sweepForMinutes(world, 2);
    expect(repository.pulls).toMatchObject([{ body: expect.stringContaining('Closes #1.') }]);
  });

  it('is proposed once for a cause, however many runs fail by it', async () => {
    await failFor('web-2');
    await failFor('web-3');
    expect(repository.pulls).toHaveLength(1);
    expect(await noticeOf(world, 'web-3', 'prevention')).toMatchObject({
      state: 'done',
      told: { pull: 100 },
    });
  });

  it('is one although the answer to it was lost', async () => {
    const { open } = repository.changes;
    repository.changes.open = async (of, draft) => {
      await open(of, draft);
      repository.changes.open = open;
      throw new UnknownOutcomeError('no answer');
    };
    await failFor('web-2');
    await sweepForMinutes(world, 15);
    expect(repository.pulls).toHaveLength(1);
    expect(await noticeOf(world, 'web-2', 'prevention')).toMatchObject({
      state: 'done',
      told: { pull: 100 },
    });
    expect(world.scm.issues[0]?.body).toContain('(https://github.com/acme/shop/pull/100)');
  });

  it('is none where the diagnosis knows no mechanical mend', async () => {
    await deploy(world, 'web-2', false, bad);
    expect(repository.pulls).toEqual([]);
    expect(await noticeOf(world, 'web-2', 'prevention')).toMatchObject({ state: 'done' });
  });
});

it('nothing is proposed unless the config wants it', async () => {
  await begin({});
  await failFor('web-2');
  expect(repository.pulls).toEqual([]);
  expect(await noticeOf(world, 'web-2', 'prevention')).toBeUndefined();
});
