import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Incident } from '../../../shared/domain/diagnosis/evidence.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';
import type { DeployedCommits } from '../../../shared/services/diagnosis/deployed-commits.ts';
import {
  diagnoseWithCommit,
  type RefinedDiagnosis,
} from '../../../shared/services/diagnosis/look-at-commit.ts';
import { FakeClock } from '../../world/fake-clock.ts';
import { FakeRepository, shop } from '../../world/scm/fake-repository.ts';

const script = '#!/bin/sh\r\nexec gunicorn main:app\r\n';
let repository: FakeRepository;
let stable: string;
let candidate: string;

beforeEach(() => {
  repository = new FakeRepository();
  stable = repository.push('main', 'Start', {
    'start.sh': script.replaceAll('\r', ''),
    Dockerfile: 'FROM a',
  });
  candidate = repository.push('main', 'Edit on Windows', {
    'start.sh': script,
    '.gitattributes': '*.py text\n',
    '.dockerignore': '*.md\n',
    '.gcloudignore': '.git\n',
  });
});

function incidentOf(text: string): Incident {
  return { evidence: [{ ref: 'log:0', source: 'output', text, severity: 'ERROR' }] };
}

const scriptFails = incidentOf('exec /app/start.sh: no such file or directory');

function look(
  incident = scriptFails,
  deployed = { candidate, stable } as DeployedCommits,
): Promise<RefinedDiagnosis> {
  const { commits } = repository;
  return diagnoseWithCommit(
    incident,
    async () => ({ repository: shop, commits, ...deployed }),
    new FakeClock(),
  );
}

describe('a look at the commit', () => {
  it('makes at most five calls', async () => {
    const { result, commit } = await look();
    expect(result.whys.map(({ answer }) => answer)).toContainEqual(
      expect.stringContaining('in the commit: start.sh has CRLF line ends'),
    );
    expect(commit?.preventable).toEqual({ kind: 'line-ends', paths: ['start.sh'] });
    expect(repository.calls).toEqual([
      'listTree',
      'compare',
      'readFile start.sh',
      'readFile .gitattributes',
      'readFile .dockerignore',
    ]);
  });

  it('compares nothing where the commit of stable is not known', async () => {
    const { result } = await look(undefined, { candidate, stable: undefined });
    expect(repository.calls).not.toContain('compare');
    expect(result.category).toBe('line-ending-corruption');
  });

  it('asks nothing where the commit cannot tell more', async () => {
    const { result, commit } = await look(
      incidentOf('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'),
    );
    expect(result.category).toBe('out-of-memory');
    expect(commit).toBeUndefined();
    expect(repository.calls).toEqual([]);
    expect(result.missing.join()).not.toContain('commit');
  });

  const forbidden = new PermanentError('GitHub refused GET /repos/acme/shop/git/trees: 403');
  const unread: readonly (readonly [
    title: string,
    change: () => void,
    commits: () => { candidate: string | undefined; stable: string | undefined },
    missing: string,
  ])[] = [
    [
      'a repository that may not be read',
      () => {
        repository.fault = forbidden;
      },
      () => ({ candidate, stable }),
      `the commit: ${forbidden.message}`,
    ],
    [
      'a commit that is not there',
      () => {},
      () => ({ candidate: 'f'.repeat(40), stable }),
      `the commit: acme/shop has no ${'f'.repeat(40)}, or the credential does not see it`,
    ],
    [
      'a revision whose commit nobody tells',
      () => {},
      () => ({ candidate: undefined, stable }),
      'the commit: neither the build nor a label of the revision names it',
    ],
    [
      'a repository that does not answer',
      () => {
        const { commits } = repository;
        repository = Object.assign(new FakeRepository(), {
          commits: { ...commits, listTree: () => new Promise(() => {}) },
        });
      },
      () => ({ candidate, stable }),
      'the commit: no answer within 10 s',
    ],
  ];

  it.each(unread)(
    'names %s, in one line, and keeps the first diagnosis',
    async (_title, change, commits, missing) => {
      change();
      const { result, commit } = await look(undefined, commits());
      expect(result.category).toBe('line-ending-corruption');
      expect(result.missing.filter((line) => line.includes('commit'))).toEqual([missing]);
      expect(commit).toBeUndefined();
    },
  );

  it('says that no repository is configured', async () => {
    const { result } = await diagnoseWithCommit(scriptFails, async () => undefined, new FakeClock());
    expect(result.missing).toContain('the commit: no repository is configured for the service (github.repo)');
  });

  it('reads no file that is too large or no text', async () => {
    const large = repository.push('main', 'Large', { 'start.sh': `#!/bin/sh\r\n${'#'.repeat(1_000_000)}` });
    const { result } = await look(undefined, { candidate: large, stable });
    expect(result.category).toBe('line-ending-corruption');
    expect(result.whys.map(({ answer }) => answer).join()).not.toContain('in the commit:');
  });
});
