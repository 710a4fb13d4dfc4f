import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GoogleIdTokenVerifier } from '../../shared/adapters/id-tokens/google-id-token-verifier.ts';
import { rejections } from '../../shared/contracts/records.ts';
import { handlePush, type PushRequest } from '../../shared/runtime/handle-push.ts';
import { parsePushSettings } from '../../shared/runtime/settings.ts';
import { World } from '../world/world.ts';

const audience = 'https://check-health.example';
const account = 'push@acme-staging.iam.gserviceaccount.com';
const settings = parsePushSettings('check-health', {
  DEPLOY_LOOP_PROJECT: 'acme-staging',
  DEPLOY_LOOP_PUSH_AUTH: 'oidc',
  DEPLOY_LOOP_PUSH_AUDIENCE: audience,
  DEPLOY_LOOP_PUSH_ACCOUNT: account,
});

const google = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicPem = google.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const nowS = () => Math.floor(Date.now() / 1_000);
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

type Signer = (text: string) => string;
const rs256 =
  (key: KeyObject): Signer =>
  (text) =>
    sign('sha256', Buffer.from(text), key).toString('base64url');

function token(changes: object = {}, header: object = {}, signer: Signer = rs256(google.privateKey)): string {
  const claims = {
    iss: 'https://accounts.google.com',
    aud: audience,
    sub: '100000000000000000001',
    email: account,
    email_verified: true,
    iat: nowS(),
    exp: nowS() + 3_600,
    ...changes,
  };
  const signed = `${encode({ alg: 'RS256', kid: 'now', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${signed}.${signer(signed)}`;
}

/** What the keys' address answers. */
interface KeysAnswer {
  readonly status: number;
  readonly body: string;
}

/** Google's address of its keys. */
class KeyServer {
  readonly #server: Server;
  readonly #keys: KeysAnswer = { status: 200, body: JSON.stringify({ now: publicPem }) };
  asked = 0;
  answer: KeysAnswer = this.#keys;

  constructor() {
    this.#server = createServer((_request, response) => {
      this.asked++;
      const { status, body } = this.answer;
      const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=20000' };
      response.writeHead(status, headers).end(body);
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/certs`;
  }

  reset(): void {
    this.asked = 0;
    this.answer = this.#keys;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('a push in mode oidc', () => {
  const keys = new KeyServer();
  beforeAll(() => keys.listen());
  beforeEach(() => keys.reset());
  afterAll(() => keys.close());

  const data = Buffer.from(JSON.stringify({ runId: '0123456789abcdef0123' })).toString('base64');
  const body = {
    message: { data, attributes: {}, messageId: '7' },
    subscription: 'projects/acme-staging/subscriptions/deploy-loop-check-health',
  };
  const unread = {
    get message() {
      throw new Error('the body was read');
    },
  };

  async function pushed(
    authorization: string,
    { verifier = new GoogleIdTokenVerifier(keys.url), content = body as unknown } = {},
  ) {
    const world = await World.create();
    const request: PushRequest = {
      method: 'POST',
      headers: { authorization },
      body: content,
      rawBody: Buffer.alloc(400),
    };
    let calls = 0;
    // The tokens are of today.
    const ports = { ...world.ports, clock: { ...world.ports.clock, now: () => new Date() } };
    const count = async () => void calls++;
    const status = await handlePush('check-health', request, count, { settings, ports, verifier });
    const recorded = await world.store.find({ collection: rejections, where: [], limit: 10 });
    return { status, calls, recorded: recorded.length };
  }

  const taken = { status: 204, calls: 1, recorded: 0 };

  it('is handled when Google has signed its token', async () => {
    expect(await pushed(`Bearer ${token()}`)).toEqual(taken);
  });

  it.each([
    ['200 s behind', -200],
    ['200 s ahead', 200],
  ])('is handled when the clock of Google is %s', async (_what, seconds) => {
    const iat = nowS() + seconds;
    expect(await pushed(`Bearer ${token({ iat, exp: Math.max(iat, nowS() - 200) })}`)).toEqual(taken);
  });

  it.each<[string, () => string, number]>([
    ['of an expired token', () => token({ iat: nowS() - 7_200, exp: nowS() - 3_600 }), 401],
    ['of a token of tomorrow', () => token({ iat: nowS() + 86_400, exp: nowS() + 90_000 }), 401],
    ['of a token that is valid for years', () => token({ exp: 4_000_000_000 }), 401],
    ['of a token without a time of issue', () => token({ iat: undefined }), 401],
    ['of a token with alg none', () => token({}, { alg: 'none' }, () => ''), 401],
    ['of a token with alg none and some signature', () => token({}, { alg: 'none' }, () => 'AAAA'), 401],
    [
      'of a token signed with the public key as a secret',
      () =>
        token({}, { alg: 'HS256' }, (text) =>
          createHmac('sha256', publicPem).update(text).digest('base64url'),
        ),
      401,
    ],
    ["of a token that another's key has signed", () => token({}, {}, rs256(stranger.privateKey)), 401],
    ['of a token of an unknown key', () => token({}, { kid: 'before' }), 401],
    ['of a token without a key id', () => token({}, { kid: undefined }), 401],
    ['of a token with a key id that every object has', () => token({}, { kid: 'toString' }), 401],
    ['of a token with another algorithm of curves', () => token({}, { alg: 'ES256' }), 401],
    [
      'of a token whose claims were changed after it was signed',
      () => {
        const [header, , signature] = token({ email: 'someone@acme-staging.iam.gserviceaccount.com' }).split(
          '.',
        );
        return [header, token().split('.')[1], signature].join('.');
      },
      401,
    ],
    [
      'of a token without its signature, as Cloud Run passes it on',
      () => token({}, {}, () => 'SIGNATURE_REMOVED_BY_GOOGLE'),
      401,
    ],
    ['of another issuer', () => token({ iss: 'https://evil.test' }), 401],
    ['of an account that is not verified', () => token({ email_verified: false }), 401],
    ['of an account whose verification is a text', () => token({ email_verified: 'true' }), 401],
    ['for another audience', () => token({ aud: 'https://route-traffic.example' }), 403],
    ['for a list of audiences', () => token({ aud: [audience] }), 401],
    ['of another account', () => token({ email: 'someone@acme-staging.iam.gserviceaccount.com' }), 403],
  ])('%s is refused before its body is read', async (_what, presented, status) => {
    expect(await pushed(`Bearer ${presented()}`, { content: unread })).toEqual({
      status,
      calls: 0,
      recorded: 0,
    });
  });

  it.each<[string, KeysAnswer]>([
    ['cannot be had', { status: 503, body: '{}' }],
    ['are refused', { status: 404, body: 'no' }],
    ['are a page', { status: 200, body: '<html>sign in</html>' }],
    ['are no keys', { status: 200, body: '{"now": 1}' }],
  ])('is asked for again when the keys %s', async (_what, answer) => {
    keys.answer = answer;
    expect(await pushed(`Bearer ${token()}`, { content: unread })).toEqual({
      status: 503,
      calls: 0,
      recorded: 0,
    });
  });

  it('asks for the keys once, and not for a token that cannot be right', async () => {
    const verifier = new GoogleIdTokenVerifier(keys.url);
    await pushed(`Bearer ${token({ aud: 'https://route-traffic.example' })}`, { verifier });
    await pushed('Bearer abc', { verifier });
    expect(keys.asked).toBe(0);
    for (let n = 0; n < 3; n++) expect(await pushed(`Bearer ${token()}`, { verifier })).toEqual(taken);
    expect((await pushed(`Bearer ${token({}, {}, rs256(stranger.privateKey))}`, { verifier })).status).toBe(
      401,
    );
    expect(keys.asked).toBe(1);
  });
});
