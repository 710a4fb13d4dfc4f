import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NotFoundError, PermanentError } from '../../../shared/domain/errors.ts';
import type { Scm } from '../../../shared/ports/scm/scm.ts';
import { closeWorlds, failureOf, GithubWorld, repo } from './github-world.ts';

let world: GithubWorld;
let scm: Scm;
beforeAll(async () => {
  world = await GithubWorld.start();
  scm = world.connect();
});
afterAll(closeWorlds);

const draft = { title: 'Deploy failed: shop: crash', body: '<!-- marker -->\nBody', labels: ['deploy-loop'] };

describe('issues', () => {
  it('are created, read, changed, closed and reopened', async () => {
    const made = await scm.issues.create(repo, draft);
    expect(made).toEqual({
      number: made.number,
      ...draft,
      state: 'open',
      url: `${world.github.pageUrl}/acme/shop/issues/${made.number}`,
    });
    await scm.issues.update(repo, made.number, { state: 'closed' });
    expect(await scm.issues.get(repo, made.number)).toEqual({ ...made, state: 'closed' });
    const change = { title: 'New title', body: 'New body', state: 'open', labels: ['p1'] } as const;
    const changed = await scm.issues.update(repo, made.number, change);
    expect(changed).toEqual({ ...made, ...change });
  });

  it('are listed at once, open and closed, all of a thousand, newest first and without pull requests', async () => {
    const many = await GithubWorld.start();
    const { repository } = many;
    const issue = (n: number, label: string) =>
      repository.addIssue({ title: `Issue ${n}`, body: null, author: 'someone', labels: [label] });
    for (let n = 0; n < 1_005; n++) issue(n, 'deploy-loop').state = n % 2 ? 'open' : 'closed';
    issue(0, 'other');
    repository.commit({ 'a.txt': 'a' }, { branch: 'feature', from: many.first });
    const pull = { title: 'A change', body: null, author: 'someone', labels: ['deploy-loop'] };
    repository.addIssue(pull, { head: 'feature', base: 'main' });
    const other = many.connect();
    const made = await other.issues.create(repo, draft);
    const before = many.github.calls.length;
    const found = await other.issues.listByLabel(repo, 'deploy-loop');
    expect(found).toHaveLength(1_006);
    expect(found[0]).toEqual(made);
    expect(found.at(-1)).toMatchObject({ number: 1, body: '', state: 'closed' });
    expect(many.callsSince(before)).toHaveLength(11);
    const open = await other.issues.listByLabel(repo, 'deploy-loop', { state: 'open' });
    expect(open).toHaveLength(503);
  });

  it('that were deleted, moved or never made are not there', async () => {
    const gone = await scm.issues.create(repo, draft);
    const moved = await scm.issues.create(repo, draft);
    Object.assign(world.repository.issues.get(gone.number) ?? {}, { fate: 'gone' });
    const movedTo = `${world.github.apiUrl}/repos/acme/other/issues/1`;
    Object.assign(world.repository.issues.get(moved.number) ?? {}, { fate: { movedTo } });
    expect(await scm.issues.get(repo, gone.number)).toBeUndefined();
    expect(await scm.issues.get(repo, moved.number)).toBeUndefined();
    expect(await scm.issues.get(repo, 999_999)).toBeUndefined();
    await expect(scm.issues.update(repo, gone.number, { body: 'x' })).rejects.toThrow(NotFoundError);
  });

  it.each([
    [
      'a body over 65,536 characters',
      { ...draft, body: 'x'.repeat(65_537) },
      'body is too long (maximum is 65536',
    ],
    [
      'a title over 256 characters',
      { ...draft, title: 'x'.repeat(257) },
      'title is too long (maximum is 256',
    ],
    ['a label over 50 characters', { ...draft, labels: ['x'.repeat(51)] }, 'Label.name invalid'],
  ])('with %s are refused for good, in the words of GitHub', async (_, wrong, words) => {
    const before = world.github.calls.length;
    const error = await failureOf(scm.issues.create(repo, wrong));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.message).toContain(
      `POST /repos/{owner}/{repo}/issues of acme/shop: 422 Validation Failed; ${words}`,
    );
    expect(world.callsSince(before)).toHaveLength(1);
  });

  it('of a repository that has none are refused for good', async () => {
    world.repository.hasIssues = false;
    const error = await failureOf(scm.issues.create(repo, draft));
    world.repository.hasIssues = true;
    expect(error).not.toHaveProperty('retryable', true);
    expect(error.message).toContain('410 Issues has been disabled');
  });
});

describe('labels', () => {
  const label = { name: 'Deploy Loop/P1', color: 'd73a4a', description: 'Validation of deploys' };

  it('are made once, and an existing one stays as somebody made it', async () => {
    await scm.issues.ensureLabel(repo, label);
    expect(world.repository.labels.get('deploy loop/p1')).toMatchObject(label);
    const before = world.github.calls.length;
    await world.connect().issues.ensureLabel(repo, { ...label, color: '000000' });
    expect(world.repository.labels.get('deploy loop/p1')).toMatchObject(label);
    expect(world.callsSince(before)).toEqual(['GET /repos/acme/shop/labels/Deploy%20Loop%2FP1']);
  });

  it('are asked for once by a process', async () => {
    await scm.issues.ensureLabel(repo, label);
    const before = world.github.calls.length;
    await scm.issues.ensureLabel(repo, label);
    expect(world.callsSince(before)).toEqual([]);
  });

  it('that someone else makes at the same time are there', async () => {
    const both = [world.connect(), world.connect()];
    await Promise.all(both.map(({ issues }) => issues.ensureLabel(repo, { ...label, name: 'raced' })));
    expect(world.repository.labels.get('raced')).toMatchObject({ name: 'raced', color: label.color });
  });

  it('of more than 50 characters are refused', async () => {
    const long = { ...label, name: 'x'.repeat(51) };
    await expect(scm.issues.ensureLabel(repo, long)).rejects.toThrow('name is too long (maximum is 50');
  });
});

describe('comments', () => {
  it('are added, listed oldest first over all pages, and changed in place', async () => {
    const { number } = await scm.issues.create(repo, draft);
    const first = await scm.comments.create(repo, number, 'first');
    expect(first).toMatchObject({ body: 'first', author: 'deploy-loop[bot]' });
    for (let n = 0; n < 100; n++) {
      const id = world.repository.nextId();
      const at = new Date(0);
      const author = 'someone';
      const text = { id, issue: number, body: `${n}`, author, createdAt: at, updatedAt: at };
      world.repository.comments.set(id, text);
    }
    await scm.comments.update(repo, first.id, 'changed');
    const found = await scm.comments.list(repo, number);
    expect(found).toHaveLength(101);
    expect(found[0]).toEqual({ ...first, body: 'changed' });
  });

  it('over 65,536 characters are refused for good', async () => {
    const { number } = await scm.issues.create(repo, draft);
    const error = await failureOf(scm.comments.create(repo, number, 'x'.repeat(65_537)));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.message).toContain('Body is too long (maximum is 65536 characters)');
  });

  it('under a pull request need its permission too', async () => {
    world.repository.commit({ 'a.txt': 'a' }, { branch: 'feature', from: world.first });
    const pull = { title: 'A change', body: null, author: 'someone' };
    const { number } = world.repository.addIssue(pull, { head: 'feature', base: 'main' });
    expect(await scm.comments.create(repo, number, 'text')).toMatchObject({ body: 'text' });
    const poor = world.addToken('github_pat_issues', {
      kind: 'fine-grained',
      login: 'poor',
      permissions: { issues: 'write' },
    });
    await expect(poor.comments.create(repo, number, 'text')).rejects.toThrow('(needs pull_requests=write)');
  });

  it('under no issue are not found', async () => {
    await expect(scm.comments.create(repo, 999_999, 'text')).rejects.toThrow(NotFoundError);
    await expect(scm.comments.list(repo, 999_999)).rejects.toThrow(NotFoundError);
  });
});
