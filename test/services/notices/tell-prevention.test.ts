import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { notices } from '../../../shared/contracts/records.ts';
import { PermanentError, TransientError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import { update } from '../../../shared/ports/store.ts';
import { retryNotices } from '../../../shared/services/notices/query-notices.ts';
import { notify } from '../../../shared/services/notify.ts';
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

  it('is linked from the issue after a person has had it tried anew', async () => {
    const { open } = repository.changes;
    repository.changes.open = async () => {
      throw new PermanentError('needs pull_requests=write');
    };
    await failFor('web-2');
    await sweepForMinutes(world, 15);
    expect(await noticeOf(world, 'web-2', 'prevention')).toMatchObject({ state: 'stopped' });
    expect(await noticeOf(world, 'web-2', 'issue')).toMatchObject({ state: 'done' });
    repository.changes.open = open;
    await retryNotices(world.runIdOf('web-2'), world.ports);
    await sweepForMinutes(world, 2);
    expect(world.scm.issues[0]?.body).toContain('(https://github.com/acme/shop/pull/100)');
  });

  it('asks for no other notice, so that it and its issue never ask for each other in turns', async () => {
    await failFor('web-2');
    const ref = documentIn(notices, `${world.runIdOf('web-2')}.prevention`);
    const read = await world.store.get(ref);
    const again = { state: 'open', endedAt: undefined, dueAt: world.clock.now() } as const;
    if (read) await world.store.commit([update(ref, read, again)]);
    const asked: string[] = [];
    const { commits, changes } = repository;
    await notify(
      { noticeId: ref.id },
      {
        ...world.ports,
        scm: { connect: (to) => ({ ...world.scm.connect(to), commits, changes }) },
        bus: { publish: async (hop) => void asked.push(hop) },
      },
    );
    expect(await noticeOf(world, 'web-2', 'prevention')).toMatchObject({ state: 'done' });
    expect(asked).toEqual([]);
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
