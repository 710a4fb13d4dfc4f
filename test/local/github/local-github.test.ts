import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { LocalGithub } from '../../../infra/local/github/local-github.ts';
import type { LocalRepository } from '../../../infra/local/github/state/local-repository.ts';

const token = 'ghp_seeded';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let now = new Date('2026-11-30T12:00:00Z');
let github: LocalGithub;
let repository: LocalRepository;

beforeAll(async () => {
  github = await LocalGithub.start({ now: () => now, searchLagMs: 30_000, limits: { calls: 100 } });
  github.identities.addToken(token, { kind: 'classic', login: 'ann', scopes: ['repo'] });
  repository = github.addRepository({ owner: 'acme', name: 'shop' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const permissions = { metadata: 'read', issues: 'read' } as const;
  github.identities.addApp({ appId: 1, slug: 'loop', publicKey: pem, installationId: 7, permissions });
});
beforeEach(() => {
  now = new Date(now.getTime() + 3_600_000);
});
afterAll(() => github.close());

function ask(path: string, headers: Readonly<Record<string, string>> = {}, init: RequestInit = {}) {
  return fetch(`${github.apiUrl}${path}`, {
    headers: { authorization: `token ${token}`, ...headers },
    ...init,
  });
}

const Message = z.object({ message: z.string() });
const Search = z.object({ total_count: z.number() });
const messageOf = async (response: Response) => Message.parse(await response.json()).message;

describe('lists', () => {
  it('come in pages that are linked', async () => {
    for (let n = 0; n < 5; n++) repository.addIssue({ title: `${n}`, body: null, author: 'ann' });
    const first = await ask('/repos/acme/shop/issues?per_page=2');
    const url = `${github.apiUrl}/repos/acme/shop/issues?per_page=2`;
    expect(first.headers.get('link')).toBe(`<${url}&page=2>; rel="next", <${url}&page=3>; rel="last"`);
    const last = await ask('/repos/acme/shop/issues?per_page=2&page=3');
    expect(last.headers.get('link')).toBe(`<${url}&page=2>; rel="prev", <${url}&page=1>; rel="first"`);
    expect(await last.json()).toHaveLength(1);
  });

  it('that have not changed are 304, and cost no call', async () => {
    const first = await ask('/repos/acme/shop/issues');
    const etag = first.headers.get('etag') ?? '';
    const used = () => github.calls.length;
    const before = used();
    const again = await ask('/repos/acme/shop/issues', { 'if-none-match': etag });
    expect([again.status, await again.text(), used() - before]).toEqual([304, '', 1]);
    expect((await ask('/repos/acme/shop')).headers.get('x-ratelimit-used')).toBe('2');
    repository.addIssue({ title: 'new', body: null, author: 'ann' });
    expect((await ask('/repos/acme/shop/issues', { 'if-none-match': etag })).status).toBe(200);
  });
});

it('finds by search only what was written some time ago, and lists it at once', async () => {
  const body = '<!-- deploy-loop:issue:abc -->';
  repository.addIssue({ title: 'Marked', body, author: 'ann', labels: ['marked'] });
  const search = async () =>
    Search.parse(
      await (await ask('/search/issues?q=repo:acme/shop+deploy-loop:issue:abc+label:marked')).json(),
    );
  expect(await (await ask('/repos/acme/shop/issues?labels=marked')).json()).toHaveLength(1);
  expect((await search()).total_count).toBe(0);
  now = new Date(now.getTime() + 30_000);
  expect((await search()).total_count).toBe(1);
});

describe('limits', () => {
  it('show what is left, and end with the window', async () => {
    github.setLimits({ calls: 1 });
    const first = await ask('/repos/acme/shop');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('0');
    const second = await ask('/repos/acme/shop');
    expect([second.status, await messageOf(second)]).toEqual([403, 'API rate limit exceeded for ann.']);
    expect(Number(second.headers.get('x-ratelimit-reset'))).toBe(now.getTime() / 1_000 + 3_600);
    now = new Date(now.getTime() + 3_600_000);
    expect((await ask('/repos/acme/shop')).status).toBe(200);
    github.setLimits({ calls: 100 });
  });

  it('of writes name a time', async () => {
    github.setLimits({ writesPerMinute: 1 });
    const write = () =>
      ask(
        '/repos/acme/shop/issues',
        { 'content-type': 'application/json' },
        { method: 'POST', body: '{"title":"x"}' },
      );
    expect((await write()).status).toBe(201);
    now = new Date(now.getTime() + 20_000);
    const refused = await write();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '40']);
    expect(await messageOf(refused)).toMatch(/^You have exceeded a secondary rate limit/);
    github.setLimits({ writesPerMinute: 80 });
  });
});

describe("an App's own token", () => {
  const jwt = (claims: object, alg = 'RS256', key: KeyObject = privateKey) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
  };
  const seconds = () => Math.floor(now.getTime() / 1_000);
  const exchange = (bearer: string) =>
    ask('/app/installations/7/access_tokens', { authorization: `bearer ${bearer}` }, { method: 'POST' });

  it('buys a token of the installation for an hour', async () => {
    const answer = await exchange(jwt({ iss: 1, iat: seconds() - 30, exp: seconds() + 570 }));
    const Bought = z.object({
      token: z.string(),
      expires_at: z.string(),
      permissions: z.object({ issues: z.literal('read') }),
    });
    const bought = Bought.parse(await answer.json());
    expect(Date.parse(bought.expires_at)).toBe(now.getTime() + 3_600_000);
    const authorization = `token ${bought.token}`;
    expect((await ask('/repos/acme/shop/issues', { authorization })).status).toBe(200);
    const refused = await ask('/repos/acme/shop/check-runs', { authorization }, { method: 'POST' });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('checks=write');
    now = new Date(now.getTime() + 3_600_000);
    expect((await ask('/repos/acme/shop/issues', { authorization })).status).toBe(401);
  });

  it.each([
    ['is over', () => jwt({ iss: 1, iat: seconds() - 900, exp: seconds() }), /'exp'\) must be/],
    ['lasts too long', () => jwt({ iss: 1, iat: seconds(), exp: seconds() + 601 }), /too far in the future/],
    ['is of the future', () => jwt({ iss: 1, iat: seconds() + 60, exp: seconds() + 300 }), /'iat'\) must be/],
    [
      'is of an unknown App',
      () => jwt({ iss: 2, iat: seconds(), exp: seconds() + 300 }),
      /could not be decoded/,
    ],
    [
      'is not signed',
      () => jwt({ iss: 1, iat: seconds(), exp: seconds() + 300 }, 'none'),
      /could not be decoded/,
    ],
    [
      'is signed by another key',
      () => jwt({ iss: 1, iat: seconds(), exp: seconds() + 300 }, 'RS256', otherKey()),
      /could not be decoded/,
    ],
    ['is garbage', () => 'a.b.c', /could not be decoded/],
  ])('that %s buys nothing', async (_, bearer, words) => {
    const answer = await exchange(bearer());
    expect(answer.status).toBe(401);
    expect(await messageOf(answer)).toMatch(words);
  });
});

function otherKey(): KeyObject {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return createPrivateKey(pair.privateKey.export({ type: 'pkcs1', format: 'pem' }));
}

it('knows no endpoint beside those that are used', async () => {
  const answer = await ask('/repos/acme/shop/hooks');
  expect([answer.status, await messageOf(answer)]).toEqual([404, 'Not Found']);
});
