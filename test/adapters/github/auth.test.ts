import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GithubHosts } from '../../../shared/adapters/github/github-hosts.ts';
import { githubPace } from '../../../shared/adapters/github/open-octokit.ts';
import { CredentialsError, NotFoundError } from '../../../shared/domain/errors.ts';
import {
  appId,
  closeWorlds,
  failureOf,
  GithubWorld,
  installationId,
  privateKey,
  repo,
} from './github-world.ts';

let world: GithubWorld;
beforeEach(async () => {
  // The clock alone: connections need their timers.
  jest.useFakeTimers({
    now: new Date('2026-11-30T12:00:00Z'),
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  world = await GithubWorld.start();
});
afterEach(() => {
  jest.useRealTimers();
});
afterAll(closeWorlds);

const later = (minutes: number) => jest.setSystemTime(Date.now() + minutes * 60_000);
const tokens = () => world.github.calls.filter(({ call }) => call.includes('access_tokens'));

describe('a GitHub App', () => {
  it('signs in by its key, and keeps the token of its installation while it lasts', async () => {
    const scm = world.connect();
    await Promise.all([1, 2, 3].map((number) => scm.issues.get(repo, number)));
    expect(tokens()).toHaveLength(1);
    later(50);
    await scm.issues.get(repo, 1);
    expect(tokens()).toHaveLength(1);
    later(15);
    await scm.issues.get(repo, 1);
    expect(tokens()).toHaveLength(2);
    expect(tokens().map(({ status }) => status)).toEqual([201, 201]);
  });

  it('takes its key with broken line ends, or as PKCS#8, too', async () => {
    const pkcs8 = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    world.secrets.APP_KEY = `${privateKey.replaceAll('\n', '\\n')}\n`;
    expect(await world.connect().commits.defaultBranch(repo)).toBe('main');
    world.addApp({ publicKey: pkcs8.publicKey });
    world.secrets.APP_KEY = pkcs8.privateKey;
    expect(await world.connect().commits.defaultBranch(repo)).toBe('main');
  });

  it('asks for a new token after one was revoked', async () => {
    const scm = world.connect();
    await scm.issues.get(repo, 1);
    later(1);
    world.github.faults.next(/issues/, { status: 401, body: { message: 'Bad credentials' } });
    await expect(scm.issues.get(repo, 1)).rejects.toThrow(CredentialsError);
    expect(await scm.issues.get(repo, 1)).toBeUndefined();
    expect(tokens()).toHaveLength(2);
  });

  it.each([
    [
      'of another App',
      () =>
        generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
          type: 'pkcs1',
          format: 'pem',
        }),
    ],
    [
      'of another kind',
      () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ],
    ['that is cut', () => privateKey.slice(0, 200)],
  ])('with a key %s has no credentials, and tells nothing of the key', async (_, keyOf) => {
    world.secrets.APP_KEY = String(keyOf());
    const error = await failureOf(world.connect().issues.get(repo, 1));
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error.message).not.toContain('MII');
  });

  it('that is not installed there finds nothing', async () => {
    const auth = { kind: 'app', appId, privateKey: { env: 'APP_KEY' } } as const;
    const other = world.connect({ ...auth, installationId: 1 });
    await expect(other.commits.defaultBranch(repo)).rejects.toThrow(NotFoundError);
    world.addApp({ repositories: ['acme/other'] });
    const scm = world.connect({ ...auth, installationId });
    await expect(scm.commits.defaultBranch(repo)).rejects.toThrow(NotFoundError);
    await expect(scm.access(repo)).rejects.toThrow(NotFoundError);
  });

  it('says what it may do', async () => {
    world.addApp({ permissions: { metadata: 'read', issues: 'write', administration: 'write' } });
    expect(await world.connect().access(repo)).toEqual({
      kind: 'app',
      permissions: { metadata: 'read', issues: 'write', administration: 'write' },
    });
  });
});

describe('a token', () => {
  const expiresAt = new Date('2026-12-24T00:00:00Z');

  it('of the classic kind shows its scopes', async () => {
    const identity = { kind: 'classic', login: 'ann', scopes: ['repo', 'admin:org'], expiresAt } as const;
    const scm = world.addToken('ghp_classic', identity);
    expect(await scm.access(repo)).toEqual({
      kind: 'classic-token',
      scopes: ['repo', 'admin:org'],
      expiresAt,
    });
  });

  it('of the fine-grained kind shows when it expires, and ends then', async () => {
    const identity = { kind: 'fine-grained', login: 'ben', permissions: {}, expiresAt } as const;
    const scm = world.addToken('github_pat_fine', identity);
    expect(await scm.access(repo)).toEqual({ kind: 'fine-grained-token', expiresAt });
    later(60 * 24 * 25);
    await expect(scm.access(repo)).rejects.toThrow(CredentialsError);
  });

  it('may end with a line break, as a file does', async () => {
    world.github.identities.addToken('github_pat_line', {
      kind: 'fine-grained',
      login: 'l',
      permissions: {},
    });
    world.secrets.OTHER = 'github_pat_line\n';
    const scm = world.connect({ kind: 'token', token: { env: 'OTHER' } });
    expect(await scm.commits.defaultBranch(repo)).toBe('main');
  });

  it('is read again after GitHub refused it', async () => {
    const scm = world.connect({ kind: 'token', token: { env: 'OTHER' } });
    world.secrets.OTHER = 'ghp_old';
    const error = await failureOf(scm.commits.defaultBranch(repo));
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error.message).toContain('401 Bad credentials: renew the token');
    world.secrets.OTHER = world.secrets.TOKEN ?? '';
    expect(await scm.commits.defaultBranch(repo)).toBe('main');
  });

  it('of someone else reaches no private repository without its scope', async () => {
    const scm = world.addToken('ghp_none', { kind: 'classic', login: 'eve', scopes: [] });
    await expect(scm.commits.defaultBranch(repo)).rejects.toThrow(NotFoundError);
  });
});

it('is one per connection, so that pauses and tokens are shared', () => {
  const hosts = new GithubHosts({ secrets: { value: async () => '' } });
  const apiUrl = 'https://api.github.com';
  const auth = { kind: 'token', token: { env: 'A' } } as const;
  const scm = hosts.connect({ apiUrl, auth });
  expect(hosts.connect({ apiUrl, auth: { ...auth } })).toBe(scm);
  expect(hosts.connect({ apiUrl, auth: { ...auth, token: { env: 'B' } } })).not.toBe(scm);
});

it('pauses as GitHub and its plugin ask for', () => {
  expect(githubPace).toEqual({ writeMs: 1_000, notificationMs: 3_000, retryMs: 1_000 });
});
