import { describe, expect, it } from '@jest/globals';
import { rejections } from '../../shared/contracts/records.ts';
import { TransientError } from '../../shared/domain/errors.ts';
import { type HandleDelivery, handlePush, type PushRequest } from '../../shared/runtime/handle-push.ts';
import type { FunctionName } from '../../shared/runtime/hops.ts';
import type { IdTokenVerifier } from '../../shared/runtime/push-auth.ts';
import { parseFunctionSettings, parsePushSettings } from '../../shared/runtime/settings.ts';
import { traceAttributes } from '../../shared/runtime/trace-context.ts';
import { World } from '../world/world.ts';

const subscription = 'projects/acme-staging/subscriptions/deploy-loop-check-health';
const audience = 'https://check-health.run.test';
const account = 'push@acme-staging.iam.gserviceaccount.com';

const settings = parsePushSettings('check-health', {
  DEPLOY_LOOP_PROJECT: 'acme-staging',
  DEPLOY_LOOP_PUSH_AUTH: 'iam',
  DEPLOY_LOOP_PUSH_AUDIENCE: audience,
  DEPLOY_LOOP_PUSH_ACCOUNT: account,
  K_SERVICE: 'check-health',
});

/** Cloud Run has verified the signature. */
const verifier: IdTokenVerifier = {
  async isSigned() {
    throw new Error('nothing is verified again');
  },
};

const claims = {
  iss: 'https://accounts.google.com',
  aud: audience,
  email: account,
  email_verified: true,
  exp: 4_000_000_000,
};

function bearer(changes: object = {}, header: object = { alg: 'RS256' }): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `Bearer ${encode(header)}.${encode({ ...claims, ...changes })}.SIGNATURE_REMOVED_BY_GOOGLE`;
}

function push(changes: Partial<PushRequest> & { message?: object; envelope?: object } = {}): PushRequest {
  const { message = {}, envelope = {}, ...rest } = changes;
  const data = Buffer.from(JSON.stringify({ runId: '0123456789abcdef0123' })).toString('base64');
  const body = { message: { data, attributes: {}, messageId: '7', ...message }, subscription, ...envelope };
  return { method: 'POST', headers: { authorization: bearer() }, body, rawBody: Buffer.alloc(400), ...rest };
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

const nothing: HandleDelivery = async () => {};

async function handled(request: PushRequest, handle: HandleDelivery = nothing) {
  const world = await World.create();
  let calls = 0;
  const counting: HandleDelivery = (delivery, ports) => {
    calls++;
    return handle(delivery, ports);
  };
  const status = await handlePush('check-health', request, counting, {
    settings,
    ports: world.ports,
    verifier,
  });
  const recorded = await world.store.find({ collection: rejections, where: [], limit: 10 });
  return { status, calls, recorded: recorded.map((one) => one.data.reason.code) };
}

describe('a push', () => {
  it('is handled and acknowledged when the right account sends it, although Cloud Run took the signature away', async () => {
    expect(await handled(push())).toEqual({ status: 204, calls: 1, recorded: [] });
  });

  it.each([
    ['without a token', undefined, 401],
    ['with another scheme', 'Basic Zm9vOmJhcg==', 401],
    ['with a token in pieces', 'Bearer abc', 401],
    ['with a token that is no JSON', 'Bearer aaaa.bbbb.cccc', 401],
    ['of another issuer', bearer({ iss: 'https://evil.test' }), 401],
    ['of an account that is not verified', bearer({ email_verified: false }), 401],
    ['with an expired token', bearer({ exp: 1_000_000_000 }), 401],
    ['for another audience', bearer({ aud: 'https://other.run.test' }), 403],
    ['of another account', bearer({ email: 'someone@acme-staging.iam.gserviceaccount.com' }), 403],
  ])('%s is refused before its body is read', async (_what, authorization, status) => {
    const body = {
      get message() {
        throw new Error('the body was read');
      },
    };
    expect(await handled(push({ headers: { authorization }, body }))).toEqual({
      status,
      calls: 0,
      recorded: [],
    });
  });

  it.each([
    ["another hop's", 'projects/acme-staging/subscriptions/deploy-loop-route-traffic'],
    [
      "Cloud Build's, which leads to another hop",
      'projects/acme-staging/subscriptions/deploy-loop-cloud-builds',
    ],
    ["another project's", 'projects/acme/subscriptions/deploy-loop-check-health'],
    ['a name that only begins like ours', `${subscription}-2`],
    ["the topic's", 'projects/acme-staging/topics/deploy-loop-check-health'],
    ['none', undefined],
  ])('with the subscription of %s is refused', async (_what, foreign) => {
    expect(await handled(push({ envelope: { subscription: foreign } }))).toEqual({
      status: 403,
      calls: 0,
      recorded: [],
    });
  });

  it.each<[string, Partial<PushRequest> & { message?: object }]>([
    ['no envelope', { body: { hello: 'world' } }],
    ['no body', { body: undefined }],
    ['data that is not base64', { message: { data: '%%%' } }],
    ['no data', { message: { data: undefined } }],
    ['a body over the limit', { rawBody: Buffer.alloc(2_000_000) }],
    ['a body that is nested too deeply to be written again', { body: nested(10_000) }],
    ['a compressed body', { headers: { authorization: bearer(), 'content-encoding': 'gzip' } }],
  ])(
    'with %s is recorded and acknowledged, since no delivery of it will ever be right',
    async (_what, changes) => {
      expect(await handled(push(changes))).toEqual({ status: 204, calls: 0, recorded: ['malformed'] });
    },
  );

  it('that cannot be handled now is asked for again', async () => {
    const away: HandleDelivery = async () => {
      throw new TransientError('away');
    };
    expect(await handled(push(), away)).toEqual({ status: 503, calls: 1, recorded: [] });
    expect(await handled(push({ envelope: { deliveryAttempt: 4 } }), away)).toEqual({
      status: 503,
      calls: 1,
      recorded: [],
    });
  });

  it('is put on record at its last delivery, before it becomes a dead letter', async () => {
    const away: HandleDelivery = async () => {
      throw new TransientError('away');
    };
    expect(await handled(push({ envelope: { deliveryAttempt: 5 } }), away)).toEqual({
      status: 503,
      calls: 1,
      recorded: ['given-up'],
    });
  });

  it('by another method is not taken', async () => {
    expect((await handled(push({ method: 'GET' }))).status).toBe(405);
  });

  it.each([
    [
      'its own attribute',
      push({ message: { attributes: { trace: `${'a'.repeat(32)}/1;o=1` } } }),
      `${'a'.repeat(32)}/1;o=1`,
    ],
    [
      "the front end's header",
      push({ headers: { authorization: bearer(), 'x-cloud-trace-context': 'b'.repeat(32) } }),
      'b'.repeat(32),
    ],
    [
      'nothing that looks otherwise',
      push({ message: { attributes: { trace: 'x\n{"severity":"ALERT"}' } } }),
      undefined,
    ],
  ])('carries the trace of %s on', async (_what, request, trace) => {
    let seen: Readonly<Record<string, string>> = {};
    await handled(request, async () => {
      seen = traceAttributes();
    });
    expect(seen.trace).toBe(trace);
  });
});

describe('settings of a function behind a push subscription', () => {
  const env = { DEPLOY_LOOP_PROJECT: 'acme-staging' };
  const sender = { DEPLOY_LOOP_PUSH_AUDIENCE: audience, DEPLOY_LOOP_PUSH_ACCOUNT: account };

  it.each<[string, Record<string, string>, string]>([
    ['no mode', {}, 'DEPLOY_LOOP_PUSH_AUTH'],
    [
      'mode none on Cloud Run',
      { DEPLOY_LOOP_PUSH_AUTH: 'none', K_SERVICE: 'x' },
      'DEPLOY_LOOP_PUSH_AUTH: none is',
    ],
    ['mode iam elsewhere', { DEPLOY_LOOP_PUSH_AUTH: 'iam', ...sender }, 'DEPLOY_LOOP_PUSH_AUTH: iam is'],
    ...(['iam', 'oidc'] as const).flatMap((mode): [string, Record<string, string>, string][] => [
      [
        `mode ${mode} without an audience`,
        { DEPLOY_LOOP_PUSH_AUTH: mode, DEPLOY_LOOP_PUSH_ACCOUNT: account, K_SERVICE: 'x' },
        `DEPLOY_LOOP_PUSH_AUDIENCE: must be set with DEPLOY_LOOP_PUSH_AUTH=${mode}`,
      ],
      [
        `mode ${mode} without an account`,
        { DEPLOY_LOOP_PUSH_AUTH: mode, DEPLOY_LOOP_PUSH_AUDIENCE: audience, K_SERVICE: 'x' },
        `DEPLOY_LOOP_PUSH_ACCOUNT: must be set with DEPLOY_LOOP_PUSH_AUTH=${mode}`,
      ],
    ]),
    [
      'a subscription without its project',
      { DEPLOY_LOOP_PUSH_AUTH: 'none', DEPLOY_LOOP_SUBSCRIPTIONS: 'deploy-loop-cloud-builds' },
      'DEPLOY_LOOP_SUBSCRIPTIONS',
    ],
    [
      'a prefix that no topic can have',
      { DEPLOY_LOOP_PUSH_AUTH: 'none', DEPLOY_LOOP_TOPIC_PREFIX: '-x' },
      'DEPLOY_LOOP_TOPIC_PREFIX',
    ],
  ])('with %s refuse to start', (_what, more, name) => {
    expect(() => parsePushSettings('check-health', { ...env, ...more })).toThrow(name);
  });

  it.each<[string, Record<string, string>, 'everywhere' | 'loopback']>([
    ['without authentication', { DEPLOY_LOOP_PUSH_AUTH: 'none' }, 'loopback'],
    ['on Cloud Run', { DEPLOY_LOOP_PUSH_AUTH: 'iam', ...sender, K_SERVICE: 'x' }, 'everywhere'],
    ['that verifies tokens itself', { DEPLOY_LOOP_PUSH_AUTH: 'oidc', ...sender }, 'everywhere'],
    [
      'of a local stack that plays Cloud Run',
      { DEPLOY_LOOP_PUSH_AUTH: 'iam', ...sender, K_SERVICE: 'x', DEPLOY_LOOP_CLOUD_ENDPOINT: '127.0.0.1:1' },
      'loopback',
    ],
    [
      'of a local stack that verifies tokens',
      { DEPLOY_LOOP_PUSH_AUTH: 'oidc', ...sender, DEPLOY_LOOP_PUBSUB_ENDPOINT: '127.0.0.1:1' },
      'loopback',
    ],
  ])('of a function %s: it listens there, and there alone', (_what, more, listensOn) => {
    expect(parsePushSettings('check-health', { ...env, ...more }).listensOn).toBe(listensOn);
  });

  it('of a function that only answers: it listens everywhere on Cloud Run alone', () => {
    expect(parseFunctionSettings(env).listensOn).toBe('loopback');
    expect(parseFunctionSettings({ ...env, K_SERVICE: 'serve-reports' }).listensOn).toBe('everywhere');
  });

  it.each<[FunctionName, Record<string, string>, readonly string[]]>([
    ['check-health', {}, ['deploy-loop-check-health']],
    ['begin-validation', {}, ['deploy-loop-cloud-builds', 'deploy-loop-begin-validation']],
    ['record-dead-letter', {}, ['deploy-loop-dead-letters']],
    [
      'begin-validation',
      { DEPLOY_LOOP_TOPIC_PREFIX: 'blue-' },
      ['blue-cloud-builds', 'blue-begin-validation'],
    ],
  ])('name the subscriptions of %s with %j', (name, more, subscriptions) => {
    const parsed = parsePushSettings(name, { ...env, DEPLOY_LOOP_PUSH_AUTH: 'none', ...more });
    expect(parsed.subscriptions).toEqual(
      subscriptions.map((one) => `projects/acme-staging/subscriptions/${one}`),
    );
  });

  it('may name further subscriptions, as for the builds of another project', () => {
    const further = 'projects/acme-staging/subscriptions/builds-of-shop';
    const parsed = parsePushSettings('begin-validation', {
      ...env,
      DEPLOY_LOOP_PUSH_AUTH: 'none',
      DEPLOY_LOOP_SUBSCRIPTIONS: further,
    });
    expect(parsed.subscriptions).toHaveLength(3);
    expect(parsed.subscriptions).toContain(further);
  });

  it('name every fault at once', () => {
    const parse = () =>
      parsePushSettings('check-health', {
        DEPLOY_LOOP_PUSH_AUTH: 'maybe',
        DEPLOY_LOOP_LOG_LEVEL: 'loud',
        DEPLOY_LOOP_MAX_DELIVERIES: '0',
      });
    expect(parse).toThrow(
      /DEPLOY_LOOP_PROJECT[\s\S]*DEPLOY_LOOP_PUSH_AUTH|DEPLOY_LOOP_PUSH_AUTH[\s\S]*DEPLOY_LOOP_PROJECT/,
    );
    expect(parse).toThrow(/DEPLOY_LOOP_LOG_LEVEL/);
  });
});
