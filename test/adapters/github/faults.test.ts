import { inspect } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalGithub } from '../../../infra/local/github/local-github.ts';
import {
  CredentialsError,
  NotFoundError,
  PermanentError,
  TransientError,
  UnknownOutcomeError,
} from '../../../shared/domain/errors.ts';
import type { Scm } from '../../../shared/ports/scm/scm.ts';
import { closeWorlds, failureOf, fineGrained, GithubWorld, repo } from './github-world.ts';

const draft = { title: 'Deploy failed', body: 'text', labels: [] };
const now = new Date('2026-11-30T12:00:00Z');

const auth = { kind: 'token', token: { env: 'TOKEN' } } as const;
/** Where nothing answers. */
const impatient = () => world.connect(auth, undefined, { timeoutMs: 50 });

let world: GithubWorld;
let scm: Scm;
beforeEach(async () => {
  world = await GithubWorld.start({ now: () => now });
  scm = world.connect(auth);
});
afterAll(closeWorlds);

const read = () => scm.issues.get(repo, 1);
const write = () => scm.issues.create(repo, draft);

describe('a limit of GitHub', () => {
  it('of calls is told with the time until it is over, by the clock of GitHub, and not waited for', async () => {
    world.github.setLimits({ calls: 1 });
    await read();
    const error = await failureOf(read());
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ retryAfterMs: 3_601_000 });
    expect(error.message).toContain('403 API rate limit exceeded');
    expect(world.callsSince(0)).toHaveLength(2);
  });

  it('of writes is told with the time that GitHub names; nothing was made', async () => {
    world.github.setLimits({ writesPerMinute: 1 });
    await write();
    const error = await failureOf(write());
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ retryAfterMs: 60_000 });
    expect(world.repository.issues.size).toBe(1);
    expect(world.callsSince(0)).toHaveLength(2);
  });

  const secondary = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' };
  it.each([
    ['429 with a time', { status: 429, headers: { 'retry-after': '7' } }, 7_000],
    ['429 without a time', { status: 429 }, 60_000],
    ['a secondary limit without a time', { status: 403, body: secondary }, 60_000],
    ['a time that is no number', { status: 429, headers: { 'retry-after': 'soon' } }, 60_000],
    ['a time of a year', { status: 429, headers: { 'retry-after': '31536000' } }, 7_200_000],
  ])('given as %s is transient', async (_, fault, retryAfterMs) => {
    world.github.faults.next(/issues/, fault);
    const error = await failureOf(write());
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ retryAfterMs });
  });
});

describe('GitHub being unwell', () => {
  it('for two attempts is not noticed by a read or a change', async () => {
    const { number } = await write();
    for (const call of [() => scm.issues.get(repo, number), () => scm.issues.update(repo, number, {})]) {
      world.github.faults.next(/issues/, { status: 502, body: '<html>Bad gateway</html>' }, 2);
      expect(await call()).toMatchObject({ number });
    }
    expect(world.callsSince(0)).toHaveLength(7);
  });

  it('for longer is a transient error of a read', async () => {
    const busy = { status: 503, headers: { 'retry-after': '30' }, body: { message: 'Service unavailable' } };
    world.github.faults.next(/issues/, busy, 3);
    const error = await failureOf(read());
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ retryAfterMs: 30_000 });
    expect(world.callsSince(0)).toHaveLength(3);
  });

  it.each([
    ['an error of 5xx', { status: 502 }, 0],
    ['a lost answer', { loseAnswer: true } as const, 1],
    ['a broken connection', { dropRequest: true } as const, 0],
    ['an answer that is no JSON', { status: 200, body: '<html>Sign in</html>' }, 0],
    ['an answer of another shape', { status: 200, body: { number: 'one' } }, 0],
  ])('with %s leaves open whether something was made, and never makes it twice', async (_, fault, made) => {
    world.github.faults.next(/issues/, fault);
    await expect(write()).rejects.toThrow(UnknownOutcomeError);
    expect(world.callsSince(0)).toHaveLength(1);
    expect(world.repository.issues.size).toBe(made);
  });

  it.each([
    ['a broken connection', { dropRequest: true } as const, 3],
    ['an answer that is no JSON', { status: 200, body: '<html>Sign in</html>' }, 1],
    ['an answer of another shape', { status: 200, body: [] }, 1],
  ])('with %s is transient for a read', async (_, fault, calls) => {
    world.github.faults.next(/issues/, fault, calls);
    await expect(read()).rejects.toThrow(TransientError);
    expect(world.callsSince(0)).toHaveLength(calls);
  });

  it('without an answer in time is the same', async () => {
    world.github.faults.next(/issues/, { hang: true }, 4);
    await expect(impatient().issues.create(repo, draft)).rejects.toThrow(UnknownOutcomeError);
    await expect(impatient().issues.get(repo, 1)).rejects.toThrow(TransientError);
    expect(world.callsSince(0)).toHaveLength(4);
  });

  it('and not reached at all has certainly made nothing', async () => {
    await world.github.close();
    await expect(write()).rejects.toThrow(TransientError);
  });

  it('is asked for one thing at a time: the second waits for the first', async () => {
    const order: string[] = [];
    const patient = world.connect(auth, undefined, { timeoutMs: 1_000 });
    world.github.faults.next(/^POST/, { hang: true });
    await Promise.all([
      patient.issues.create(repo, draft).catch(() => order.push('first failed')),
      patient.issues.create(repo, draft).then(() => order.push('second made')),
    ]);
    expect(order).toEqual(['first failed', 'second made']);
  });
});

describe('a refusal', () => {
  it.each([
    [401, CredentialsError],
    [403, PermanentError],
    [404, NotFoundError],
    [410, NotFoundError],
    [422, PermanentError],
    [451, PermanentError],
  ])('of status %i is for good, and is not repeated', async (status, kind) => {
    world.github.faults.next(/issues/, { status, body: { message: 'No', errors: ['why'] } });
    const error = await failureOf(write());
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(`POST /repos/{owner}/{repo}/issues of acme/shop: ${status} No; why`);
    expect(world.callsSince(0)).toHaveLength(1);
  });

  it('names the permission that a token lacks', async () => {
    const poor = world.addToken('github_pat_poor', {
      kind: 'fine-grained',
      login: 'poor',
      permissions: { issues: 'read' },
    });
    await expect(poor.issues.create(repo, draft)).rejects.toThrow('(needs issues=write)');
  });

  it('of an archived repository is for good', async () => {
    world.repository.isArchived = true;
    await expect(write()).rejects.toThrow('Repository was archived so is read-only');
  });
});

describe('a way out of GitHub', () => {
  it.each([
    [
      'the link to the next page',
      (url: string) => ({ status: 200, body: [], headers: { link: `<${url}/x>; rel="next"` } }),
    ],
    ['a redirect', (url: string) => ({ status: 301, body: {}, headers: { location: `${url}/x` } })],
  ])('by %s is not followed: another host gets no token', async (_, fault) => {
    const other = await LocalGithub.start();
    world.github.faults.next(/issues/, fault(other.apiUrl), 3);
    const error = await failureOf(scm.issues.listByLabel(repo, 'deploy-loop'));
    await other.close();
    expect(error).toHaveProperty('retryable', false);
    expect(other.calls).toEqual([]);
  });

  it.each([
    'http://github.example',
    'http://127.0.0.1:1',
    'https://me:pass@github.example',
    'ftp://x',
    'github',
  ])('to %s is refused before a secret is read', (apiUrl) => {
    const auth = { kind: 'token', token: { env: 'NONE' } } as const;
    expect(() => world.connect(auth, apiUrl)).toThrow(PermanentError);
  });

  it('to https is open', () => {
    expect(() => world.connect(undefined, 'https://github.example/api/v3')).not.toThrow();
  });
});

describe('an error', () => {
  const faults = [
    { status: 401, body: { message: `Bad credentials ${fineGrained}` } },
    {
      status: 422,
      body: { message: 'Validation Failed', errors: [{ value: fineGrained, code: 'invalid' }] },
    },
    { status: 500 },
    { dropRequest: true } as const,
    { status: 200, body: 'no' },
  ];
  it.each(faults)('holds neither the token nor a header: %j', async (fault) => {
    world.github.faults.next(/issues/, fault);
    const shown = inspect(await failureOf(write()), { depth: 20, showHidden: true });
    expect(shown).not.toContain(fineGrained);
    expect(shown).not.toMatch(/authorization|user-agent/i);
  });

  it.each(['ghp_broken\u0000token', 'ghp_broken\ntoken', 'ghp_broken token', '', 'ghp_brökentoken'])(
    'of a token that is none does not quote it: %j',
    async (token) => {
      world.secrets.TOKEN = token;
      const error = await failureOf(write());
      expect(error).toBeInstanceOf(CredentialsError);
      expect(inspect(error)).not.toContain('ghp_');
    },
  );

  it('of a secret that cannot be read is the one of its reader', async () => {
    delete world.secrets.TOKEN;
    await expect(write()).rejects.toThrow('no such secret');
  });
});
