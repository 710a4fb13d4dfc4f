import { beforeEach, describe, expect, it } from '@jest/globals';
import { TransientError, WriteConflictError } from '../../../shared/domain/errors.ts';
import {
  type PreventionOutcome,
  type PreventionRequest,
  proposePrevention,
} from '../../../shared/services/notices/propose-prevention.ts';
import { FakeRepository, shop } from '../../world/scm/fake-repository.ts';

const branch = 'deploy-loop/prevent-c0ffee';
const request: PreventionRequest = {
  repository: shop,
  fingerprint: 'c0ffee',
  service: 'web',
  preventable: { kind: 'ignored-module', paths: ['shop/audit.py'] },
  evidence: [{ ref: 'commit:abc:.dockerignore', text: '.dockerignore:1: **/audit*' }],
  issueNumber: 7,
};

let repository: FakeRepository;

beforeEach(() => {
  repository = new FakeRepository();
  repository.push('main', 'Start', { 'shop/audit.py': 'x', '.dockerignore': '**/audit*\n' });
});

function propose(changes: Partial<PreventionRequest> = {}): Promise<PreventionOutcome> {
  return proposePrevention({ ...request, ...changes }, repository);
}

describe('a prevention pull request', () => {
  it('is opened on a branch of its own, and names the issue that it ends', async () => {
    expect(await propose()).toEqual({
      kind: 'opened',
      number: 100,
      url: 'https://github.com/acme/shop/pull/100',
    });
    expect(repository.textAt(branch, '.dockerignore')).toBe('**/audit*\n!shop/audit.py\n');
    expect(repository.textAt('main', '.dockerignore')).toBe('**/audit*\n');
    expect(repository.pulls[0]).toMatchObject({
      branch,
      base: 'main',
      title: 'Keep a module that the code imports in the image',
      body: expect.stringContaining('Closes #7.'),
    });
    expect(repository.pulls[0]?.body).toMatch(/^<!-- deploy-loop:prevention:c0ffee -->/);
  });

  it('closes no issue of which something is left', async () => {
    repository.push('main', 'More', { '.gcloudignore': 'shop/\n' });
    await propose();
    expect(repository.pulls[0]?.body).toContain('See #7; it stays open, since more is needed.');
    expect(repository.pulls[0]?.body).not.toContain('Closes');
  });

  it('is opened once, however often it is asked for', async () => {
    await propose();
    repository.calls.length = 0;
    expect(await propose()).toMatchObject({ kind: 'unchanged', number: 100 });
    expect(repository.pulls).toHaveLength(1);
    expect(repository.calls.filter((call) => /^(?:commit|open|update)$/.test(call))).toEqual([]);
  });

  it('is found again after a crash that came before the pull request', async () => {
    const { open } = repository.changes;
    repository.changes.open = async () => {
      throw new TransientError('503');
    };
    await expect(propose()).rejects.toThrow('503');
    repository.changes.open = open;
    const commits = repository.commitsBySha.size;
    expect(await propose()).toMatchObject({ kind: 'opened' });
    expect(repository.commitsBySha.size).toBe(commits);
  });

  it('takes the one that another worker has just opened', async () => {
    const { open } = repository.changes;
    repository.changes.open = async (of, draft) => {
      await open(of, draft);
      return open(of, draft);
    };
    expect(await propose()).toMatchObject({ kind: 'opened', number: 100 });
    expect(repository.pulls).toHaveLength(1);
  });

  it('follows its base where the base changes the same file', async () => {
    await propose();
    repository.push('main', 'Other rules', { '.dockerignore': '*.md\n**/audit*\n' });
    expect(await propose()).toMatchObject({ kind: 'updated', number: 100 });
    expect(repository.textAt(branch, '.dockerignore')).toBe('*.md\n**/audit*\n!shop/audit.py\n');
    expect(await propose()).toMatchObject({ kind: 'unchanged' });
  });

  it('makes no commit where the base changes other files', async () => {
    await propose();
    repository.push('main', 'Words', { 'README.md': 'shop' });
    expect(await propose()).toMatchObject({ kind: 'unchanged' });
  });

  it('names the issue once there is one', async () => {
    await propose({ issueNumber: undefined });
    expect(repository.pulls[0]?.body).not.toContain('#7');
    expect(await propose()).toMatchObject({ kind: 'updated' });
    expect(repository.pulls[0]?.body).toContain('Closes #7.');
  });

  const theirs: readonly (readonly [title: string, change: () => void, why: string])[] = [
    ['was merged', () => repository.merge(100), 'the pull request was merged'],
    [
      'has a commit of somebody else',
      () => void repository.push(branch, 'Better', { a: 'b' }),
      'somebody has committed to',
    ],
    ['has lost its branch', () => void repository.branches.delete(branch), 'was deleted'],
  ];
  it.each(theirs)('is left alone once it %s', async (_title, change, why) => {
    await propose();
    change();
    repository.push('main', 'Other rules', { '.dockerignore': '*.md\n**/audit*\n' });
    const before = [...repository.branches];
    expect(await propose()).toMatchObject({ kind: 'left-alone', why: expect.stringContaining(why) });
    expect([...repository.branches]).toEqual(before);
    expect(repository.pulls).toHaveLength(1);
  });

  it('is not opened where the base needs it no more, and closed if it was', async () => {
    await propose();
    repository.push('main', 'Mend', { '.dockerignore': '*.md\n' });
    expect(await propose()).toMatchObject({ kind: 'not-needed' });
    expect(repository.pulls[0]?.state).toBe('closed');
    expect(await propose({ fingerprint: 'c0ffef' })).toMatchObject({ kind: 'not-needed' });
    expect(repository.pulls).toHaveLength(1);
  });

  it('asks again where somebody pushes at the same time', async () => {
    await propose();
    repository.push('main', 'Other rules', { '.dockerignore': '*.md\n**/audit*\n' });
    const { commit } = repository.changes;
    repository.changes.commit = async (of, draft) => {
      repository.push(branch, 'Better', { a: 'b' });
      return commit(of, draft);
    };
    await expect(propose()).rejects.toThrow(WriteConflictError);
    expect(repository.textAt(branch, 'a')).toBe('b');
    expect(await propose()).toMatchObject({ kind: 'left-alone' });
  });
});
