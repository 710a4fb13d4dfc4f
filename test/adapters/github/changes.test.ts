import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PermanentError, WriteConflictError } from '../../../shared/domain/errors.ts';
import type { Scm } from '../../../shared/ports/scm/scm.ts';
import type { BranchCommit } from '../../../shared/ports/scm/scm-changes.ts';
import { closeWorlds, failureOf, GithubWorld, repo } from './github-world.ts';

let world: GithubWorld;
let scm: Scm;
beforeEach(async () => {
  world = await GithubWorld.start();
  scm = world.connect();
});
afterAll(closeWorlds);

const branch = 'deploy-loop/line-endings';
const commitOf = (changes: Partial<BranchCommit> = {}): BranchCommit => ({
  branch,
  onto: world.first,
  expectedHead: undefined,
  message: 'Keep LF in scripts',
  files: [
    { path: '.gitattributes', text: '*.sh text eol=lf\n', executable: false },
    { path: 'bin/start.sh', text: '#!/bin/sh\n', executable: true },
  ],
  ...changes,
});
const treeOf = (sha: string) => world.repository.git.tree(sha);

describe('a change', () => {
  it('is one commit on a branch of its own, with the files put into the tree', async () => {
    const sha = await scm.changes.commit(repo, commitOf());
    expect(world.repository.git.branches.get(branch)).toBe(sha);
    expect(world.repository.git.commit(sha)).toMatchObject({
      parents: [world.first],
      message: 'Keep LF in scripts',
    });
    expect([...(treeOf(sha) ?? [])].map(([path, { mode }]) => `${mode} ${path}`)).toEqual([
      '100644 .gitattributes',
      '100644 README.md',
      '100755 bin/start.sh',
      '100644 src/app.py',
    ]);
    expect(world.repository.git.branches.get('main')).toBe(world.first);
  });

  it('follows its base without force', async () => {
    const sha = await scm.changes.commit(repo, commitOf());
    const moved = world.repository.commit({ 'new.txt': 'x' });
    const next = await scm.changes.commit(repo, commitOf({ onto: moved, expectedHead: sha }));
    expect(world.repository.git.commit(next)?.parents).toEqual([sha, moved]);
    expect(treeOf(next)?.has('new.txt')).toBe(true);
    expect(await scm.commits.headOf(repo, branch)).toBe(next);
  });

  it('never takes the place of a commit that someone else put on the branch', async () => {
    const sha = await scm.changes.commit(repo, commitOf());
    const theirs = world.repository.commit({ 'theirs.txt': 'x' }, { branch });
    const again = scm.changes.commit(repo, commitOf({ expectedHead: sha }));
    await expect(again).rejects.toThrow(WriteConflictError);
    expect(world.repository.git.branches.get(branch)).toBe(theirs);
  });

  it.each([
    ['a branch that exists already', undefined],
    ['a branch that was deleted', 'gone'],
  ])('is not made on %s', async (_, gone) => {
    const sha = await scm.changes.commit(repo, commitOf());
    if (gone) world.repository.git.branches.delete(branch);
    const again = commitOf({ expectedHead: gone ? sha : undefined });
    await expect(scm.changes.commit(repo, again)).rejects.toThrow(WriteConflictError);
  });

  it.each([
    ['another branch', { branch: 'main' }],
    ['a branch that leaves its folder', { branch: 'deploy-loop/../main' }],
    ['no file', { files: [] }],
    ['six files', { files: Array(6).fill({ path: 'a', text: '', executable: false }) }],
  ])('to %s is refused before GitHub is asked', async (_, changes) => {
    const before = world.github.calls.length;
    const error = await failureOf(scm.changes.commit(repo, commitOf(changes)));
    expect(error).toBeInstanceOf(PermanentError);
    expect(world.callsSince(before)).toEqual([]);
  });

  it('is refused to an App that may not write contents', async () => {
    world.addApp({ permissions: { metadata: 'read', contents: 'read' } });
    const error = await failureOf(world.connect().changes.commit(repo, commitOf()));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.message).toMatch(/403 Resource not accessible by integration \(needs contents=write\)/);
  });
});

describe('a pull request', () => {
  const draft = { branch, base: 'main', title: 'Keep LF', body: 'Closes #1' };

  it('is opened once, found by its branch, changed and closed', async () => {
    const headSha = await scm.changes.commit(repo, commitOf());
    expect(await scm.changes.findByBranch(repo, branch)).toBeUndefined();
    const made = await scm.changes.open(repo, draft);
    expect(made).toMatchObject({ ...draft, headSha, state: 'open' });
    await expect(scm.changes.open(repo, draft)).rejects.toThrow(WriteConflictError);
    expect(await scm.changes.findByBranch(repo, branch)).toEqual(made);
    const change = { title: 'Keep LF in scripts', body: 'Why', state: 'closed' } as const;
    const changed = await scm.changes.update(repo, made.number, change);
    expect(changed).toEqual({ ...made, ...change });
    expect(await scm.changes.findByBranch(repo, branch)).toEqual(changed);
  });

  it('that was merged says so', async () => {
    await scm.changes.commit(repo, commitOf());
    const { number } = await scm.changes.open(repo, draft);
    world.repository.merge(number);
    expect(await scm.changes.findByBranch(repo, branch)).toMatchObject({ number, state: 'merged' });
  });

  it('of a branch that does not exist is refused for good', async () => {
    const error = await failureOf(scm.changes.open(repo, draft));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.message).toContain('PullRequest.head invalid');
  });
});
