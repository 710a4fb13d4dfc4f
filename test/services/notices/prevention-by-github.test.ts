import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemClock } from '../../../shared/adapters/system-clock.ts';
import type { Incident } from '../../../shared/domain/diagnosis/evidence.ts';
import type { Scm } from '../../../shared/ports/scm/scm.ts';
import { diagnoseWithCommit } from '../../../shared/services/diagnosis/look-at-commit.ts';
import {
  type PreventionOutcome,
  proposePrevention,
} from '../../../shared/services/notices/propose-prevention.ts';
import { closeWorlds, GithubWorld, repo } from '../../adapters/github/github-world.ts';

const branch = 'deploy-loop/prevent-c0ffee';
const crlf = '#!/bin/sh\r\nexec gunicorn main:app\r\n';
const lf = crlf.replaceAll('\r', '');

let world: GithubWorld;
let scm: Scm;
beforeEach(async () => {
  world = await GithubWorld.start();
  scm = world.connect();
});
afterAll(closeWorlds);

function propose(): Promise<PreventionOutcome> {
  return proposePrevention(
    {
      repository: repo,
      fingerprint: 'c0ffee',
      service: 'web',
      preventable: { kind: 'line-ends', paths: ['deploy/start.sh'] },
      evidence: [],
      issueNumber: 7,
    },
    scm,
  );
}

function textAt(of: string, path: string): string | undefined {
  const { git } = world.repository;
  const entry = git.tree(git.branches.get(of) ?? '')?.get(path);
  return entry && Buffer.from(git.blob(entry.sha) ?? []).toString();
}

describe('by GitHub', () => {
  it('a diagnosis sees the line ends of the commit, and what changed', async () => {
    const candidate = world.repository.commit({ 'deploy/start.sh': crlf, 'requirements.txt': 'flask\n' });
    const incident: Incident = {
      evidence: [{ ref: 'log:0', source: 'output', text: 'exec /srv/start.sh: no such file or directory' }],
    };
    const from = world.github.calls.length;
    const { result, commit } = await diagnoseWithCommit(
      incident,
      async () => ({ repository: repo, commits: scm.commits, candidate, stable: world.first }),
      new SystemClock(),
    );
    expect(result.missing.join()).not.toContain('the commit');
    expect(result.whys.map(({ answer }) => answer)).toEqual(
      expect.arrayContaining([
        'in the commit: deploy/start.sh has CRLF line ends in 2 of 2 lines',
        '1 commit, 2 files; among them requirements.txt (added, +1 -0)',
      ]),
    );
    expect(commit?.preventable).toEqual({ kind: 'line-ends', paths: ['deploy/start.sh'] });
    expect(world.callsSince(from)).toHaveLength(3);
  });

  it('a prevention is opened, follows its base, and is left to those who commit to it', async () => {
    const { repository } = world;
    repository.commit({ 'deploy/start.sh': { text: crlf, mode: '100755' } });
    expect(await propose()).toMatchObject({ kind: 'opened' });
    expect(textAt(branch, 'deploy/start.sh')).toBe(lf);
    expect(textAt(branch, '.gitattributes')).toBe('/deploy/start.sh text eol=lf\n');
    expect(await propose()).toMatchObject({ kind: 'unchanged' });

    repository.commit({ '.gitattributes': '*.png binary\n' });
    expect(await propose()).toMatchObject({ kind: 'updated' });
    expect(textAt(branch, '.gitattributes')).toBe('*.png binary\n/deploy/start.sh text eol=lf\n');
    expect(await propose()).toMatchObject({ kind: 'unchanged' });

    const theirs = repository.commit({ 'deploy/start.sh': '#!/bin/bash\n' }, { branch });
    repository.commit({ '.gitattributes': '*.jpg binary\n' });
    expect(await propose()).toMatchObject({ kind: 'left-alone' });
    expect(repository.git.branches.get(branch)).toBe(theirs);
  });

  it('a prevention that was merged is not opened again', async () => {
    const { repository } = world;
    repository.commit({ 'deploy/start.sh': crlf });
    const opened = await propose();
    repository.merge(opened.kind === 'opened' ? opened.number : 0);
    expect(textAt('main', 'deploy/start.sh')).toBe(lf);
    repository.commit({ 'deploy/start.sh': crlf });
    expect(await propose()).toMatchObject({ kind: 'left-alone', why: 'the pull request was merged' });
  });
});
