import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { maxPatchLength } from '../../../shared/domain/scm/commit-comparison.ts';
import type { Scm } from '../../../shared/ports/scm/scm.ts';
import { closeWorlds, GithubWorld, repo } from './github-world.ts';

let world: GithubWorld;
let scm: Scm;
beforeAll(async () => {
  world = await GithubWorld.start();
  scm = world.connect();
});
afterAll(closeWorlds);

const unknownSha = '0'.repeat(40);

describe('a comparison of two commits', () => {
  it('tells commits, oldest first, and files with what was done to them', async () => {
    const { repository, first } = world;
    const second = repository.commit(
      { 'start.sh': '#!/bin/sh\r\necho\r\n', 'src/app.py': 'import flask\nimport lost\n' },
      { message: 'Add a script\n\nWith a longer text.' },
    );
    const third = repository.commit({
      'README.md': null,
      'src/main.py': 'import flask\nimport lost\n',
      'src/app.py': null,
    });
    const found = await scm.commits.compare(repo, first, third);
    expect(found).toMatchObject({
      relation: 'ahead',
      aheadBy: 2,
      behindBy: 0,
      filesCut: false,
      url: `${world.github.pageUrl}/acme/shop/compare/${first}...${third}`,
    });
    expect(found?.commits.map(({ sha, subject }) => [sha, subject])).toEqual([
      [second, 'Add a script'],
      [third, 'Change'],
    ]);
    expect(found?.commits[0]).toMatchObject({ author: 'A developer', at: expect.any(Date) });
    expect(found?.files.map(({ path, status }) => `${status} ${path}`)).toEqual([
      'removed README.md',
      'removed src/app.py',
      'added src/main.py',
      'added start.sh',
    ]);
    expect(found?.files.at(-1)?.patch).toBe('@@ -0,0 +1,2 @@\n+#!/bin/sh\r\n+echo\r');
  });

  it('backwards is behind, and of one commit identical', async () => {
    const head = world.repository.git.branches.get('main') ?? '';
    const back = await scm.commits.compare(repo, head, world.first);
    expect(back).toMatchObject({ relation: 'behind', aheadBy: 0, behindBy: 2, commits: [], files: [] });
    expect(await scm.commits.compare(repo, head, head)).toMatchObject({ relation: 'identical' });
  });

  it('shows renames, cuts long patches, and has none of binary files', async () => {
    const { repository } = world;
    const base = repository.commit({ 'old.txt': 'same\n' });
    const head = repository.commit({
      'old.txt': null,
      'new.txt': 'same\n',
      'big.txt': 'line\n'.repeat(10_000),
      'image.png': Buffer.from([0, 1, 2]),
    });
    const files = (await scm.commits.compare(repo, base, head))?.files;
    expect(files?.find(({ path }) => path === 'new.txt')).toMatchObject({
      status: 'renamed',
      previousPath: 'old.txt',
    });
    expect(files?.find(({ path }) => path === 'big.txt')?.patch).toHaveLength(maxPatchLength);
    expect(files?.find(({ path }) => path === 'image.png')?.patch).toBeUndefined();
  });

  it('says when GitHub lists no more files, and keeps the first hundred commits', async () => {
    const { repository } = world;
    const base = repository.commit({ x: 'x' });
    const many = Object.fromEntries(Array.from({ length: 301 }, (_, n) => [`many/${n}`, 'x']));
    let head = repository.commit(many);
    for (let n = 0; n < 101; n++) head = repository.commit({ n: `${n}` });
    const found = await scm.commits.compare(repo, base, head);
    expect(found).toMatchObject({ filesCut: true, aheadBy: 102 });
    expect(found?.files).toHaveLength(300);
    expect(found?.commits).toHaveLength(100);
  });

  it.each(['main', '../../user', unknownSha, 'abc1234'])('with %s is not known', async (base) => {
    expect(await scm.commits.compare(repo, base, world.first)).toBeUndefined();
  });
});

describe('a file of a commit', () => {
  const bytes = Buffer.from([35, 33, 13, 10, 0, 255]);
  let sha = '';
  beforeAll(() => {
    sha = world.repository.commit({
      'bin/run it.sh': { mode: '100755', text: '#!/bin/sh\r\n' },
      'data.bin': bytes,
      link: { mode: '120000', text: 'data.bin' },
      'large.bin': Buffer.alloc(1_200_000),
    });
  });

  it('has the bytes that the commit stores', async () => {
    expect(await scm.commits.readFile(repo, sha, 'data.bin', 100)).toMatchObject({ kind: 'file', bytes });
    const script = await scm.commits.readFile(repo, sha, 'bin/run it.sh', 100);
    expect(script).toMatchObject({ kind: 'file', bytes: Buffer.from('#!/bin/sh\r\n') });
  });

  it.each([
    ['over the limit', 'data.bin', 5, { kind: 'too-large', size: 6 }],
    ['over what GitHub sends', 'large.bin', 2_000_000, { kind: 'too-large', size: 1_200_000 }],
    ['of a directory', 'bin', 100, { kind: 'not-a-file' }],
    ['of a link', 'link', 100, { kind: 'not-a-file' }],
    ['that is not there', 'nothing.txt', 100, undefined],
    ['that leaves the repository', '..', 100, undefined],
    ['that leaves a folder', 'bin/../data.bin', 100, undefined],
    ['with an absolute path', '/data.bin', 100, undefined],
  ])('%s is told apart', async (_, path, most, expected) => {
    expect(await scm.commits.readFile(repo, sha, path, most)).toEqual(expected);
  });

  it('of an unknown commit is not there', async () => {
    expect(await scm.commits.readFile(repo, unknownSha, 'data.bin', 100)).toBeUndefined();
    expect(await scm.commits.listTree(repo, unknownSha)).toBeUndefined();
  });

  it('is in the list of all files, with its kind and size', async () => {
    const tree = await scm.commits.listTree(repo, sha);
    expect(tree?.isCut).toBe(false);
    const kinds = tree?.files.map(({ path, kind, size }) => `${kind} ${size} ${path}`);
    expect(kinds).toEqual(
      expect.arrayContaining(['executable 11 bin/run it.sh', 'file 6 data.bin', 'symlink 8 link']),
    );
    expect(kinds).not.toContainEqual(expect.stringMatching(/ bin$/));
  });
});

describe('branches and what brought a commit', () => {
  it('are the default one and each by its tip', async () => {
    expect(await scm.commits.defaultBranch(repo)).toBe('main');
    expect(await scm.commits.headOf(repo, 'main')).toBe(world.repository.git.branches.get('main'));
    expect(await scm.commits.headOf(repo, 'no/such')).toBeUndefined();
  });

  it('is the merged pull request, and before that the open one', async () => {
    const { repository } = world;
    const base = repository.git.branches.get('main') ?? '';
    const sha = repository.commit({ 'feature.txt': 'x' }, { branch: 'feature/x', from: base });
    const pull = { title: 'Feature', body: 'Why', author: 'someone' };
    const { number } = repository.addIssue(pull, { head: 'feature/x', base: 'main' });
    expect(await scm.commits.pullRequestsOf(repo, sha)).toEqual([
      {
        number,
        title: 'Feature',
        body: 'Why',
        state: 'open',
        branch: 'feature/x',
        headSha: sha,
        base: 'main',
        url: `${world.github.pageUrl}/acme/shop/pull/${number}`,
      },
    ]);
    const merged = repository.merge(number);
    for (const brought of [sha, merged])
      expect(await scm.commits.pullRequestsOf(repo, brought)).toMatchObject([{ number, state: 'merged' }]);
    expect(await scm.commits.pullRequestsOf(repo, world.first)).toEqual([]);
    expect(await scm.commits.pullRequestsOf(repo, unknownSha)).toEqual([]);
  });
});
