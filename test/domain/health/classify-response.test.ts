import { describe, expect, it } from '@jest/globals';
import { type Expectation, ExpectationSchema } from '../../../shared/contracts/expectations/expectation.ts';
import { findDifference } from '../../../shared/contracts/expectations/find-difference.ts';
import { classifyResponse as classify } from '../../../shared/domain/health/classify-response.ts';
import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';

const expectation = ExpectationSchema.parse({ status: 200, json: { status: 'healthy' }, latency: '2s' });

const classifyResponse = (given: ProbeAnswer, expected: Expectation) =>
  classify(given, (one) => findDifference(one, expected));

function answer(changes: Partial<Extract<ProbeAnswer, { kind: 'answer' }>> = {}): ProbeAnswer {
  return {
    kind: 'answer',
    status: 200,
    headers: {},
    body: '{"status":"healthy"}',
    truncated: false,
    latencyMs: 20,
    authenticated: false,
    ...changes,
  };
}

function silence(cause: Extract<ProbeAnswer, { kind: 'no-answer' }>['cause']): ProbeAnswer {
  return { kind: 'no-answer', cause, latencyMs: 5, detail: cause };
}

const denied = '<h2>Your client does not have permission to get URL <code>/</code> from this server.</h2>';

describe('classifyResponse', () => {
  it.each<[string, ProbeAnswer, object]>([
    ['a good answer', answer(), { kind: 'good' }],
    [
      'more in the body than was asked for',
      answer({ body: '{"status":"healthy","version":2}' }),
      { kind: 'good' },
    ],
    ['503', answer({ status: 503, body: 'x' }), { kind: 'bad', fault: 'server-error', status: 503 }],
    ['500', answer({ status: 500, body: '' }), { kind: 'bad', fault: 'server-error' }],
    [
      'a 404 of the application',
      answer({ status: 404, body: '{"error":"no route"}' }),
      { kind: 'bad', fault: 'wrong-status' },
    ],
    [
      "the platform's 404",
      answer({ status: 404, body: '<h2>The requested URL was not found on this server.</h2>' }),
      { kind: 'unknown', cause: 'platform-not-found' },
    ],
    [
      'a redirect',
      answer({ status: 302, headers: { location: 'http://169.254.169.254/' } }),
      { kind: 'bad', fault: 'wrong-status' },
    ],
    ["the platform's 401", answer({ status: 401, body: denied }), { kind: 'unknown', cause: 'not-allowed' }],
    ["the platform's 403", answer({ status: 403, body: denied }), { kind: 'unknown', cause: 'not-allowed' }],
    [
      "IAP's 403",
      answer({ status: 403, headers: { 'x-goog-iap-generated-response': 'true' } }),
      { kind: 'unknown', cause: 'not-allowed' },
    ],
    [
      "IAP's way to a login",
      answer({
        status: 302,
        headers: {
          'x-goog-iap-generated-response': 'true',
          location: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=1-a.apps.googleusercontent.com',
        },
      }),
      {
        kind: 'unknown',
        cause: 'not-allowed',
        detail: expect.stringContaining(
          'set iapAudience for this URL, and grant roles/iap.httpsResourceAccessor',
        ),
      },
    ],
    [
      "IAP's 403 to a token",
      answer({ status: 403, headers: { 'x-goog-iap-generated-response': 'true' }, authenticated: true }),
      {
        kind: 'unknown',
        cause: 'not-allowed',
        detail: expect.stringContaining(
          'although an ID token was sent: grant roles/iap.httpsResourceAccessor',
        ),
      },
    ],
    [
      "the application's own way to a login by Google",
      answer({ status: 302, headers: { location: 'https://accounts.google.com/o/oauth2/auth' } }),
      { kind: 'bad', fault: 'wrong-status' },
    ],
    [
      "IAP's header with a redirect elsewhere",
      answer({
        status: 302,
        headers: { 'x-goog-iap-generated-response': 'true', location: 'https://shop.example.com/' },
      }),
      { kind: 'bad', fault: 'wrong-status' },
    ],
    ['a 401 of the application', answer({ status: 401 }), { kind: 'bad', fault: 'wrong-status' }],
    ['a 403 of the application', answer({ status: 403 }), { kind: 'bad', fault: 'wrong-status' }],
    ['a 429 of the application', answer({ status: 429, body: 'slow down' }), { kind: 'bad', status: 429 }],
    [
      "the platform's words in a 500 of the application",
      answer({ status: 500, body: 'no available instance of the database' }),
      { kind: 'bad', fault: 'server-error' },
    ],
    [
      "the platform's page for no permission with another status",
      answer({ status: 400, body: denied }),
      { kind: 'bad', fault: 'wrong-status' },
    ],
    [
      'a value that is nested thousands deep',
      answer({ body: `{"status":${'['.repeat(50_000)}${']'.repeat(50_000)}}` }),
      { kind: 'bad', fault: 'wrong-body' },
    ],
    ['429', answer({ status: 429, body: 'Rate exceeded.' }), { kind: 'unknown', cause: 'overload' }],
    [
      'no instance free',
      answer({ status: 500, body: 'The request was aborted because there was no available instance.' }),
      { kind: 'unknown', cause: 'overload' },
    ],
    [
      'degraded behind a 200',
      answer({ body: '{"status":"degraded"}' }),
      { kind: 'bad', fault: 'wrong-body' },
    ],
    ['HTML behind a 200', answer({ body: '<html>' }), { kind: 'bad', fault: 'wrong-body' }],
    ['a list in place of an object', answer({ body: '["healthy"]' }), { kind: 'bad', fault: 'wrong-body' }],
    ['a body without end', answer({ truncated: true }), { kind: 'bad', fault: 'wrong-body' }],
    ['a late answer', answer({ latencyMs: 2001 }), { kind: 'bad', fault: 'too-slow' }],
    ['a refused connection', silence('refused'), { kind: 'bad', fault: 'refused' }],
    ['a timeout', silence('timeout'), { kind: 'bad', fault: 'timeout' }],
    [
      'a name that does not resolve',
      silence('name-resolution'),
      { kind: 'unknown', cause: 'name-resolution' },
    ],
    ['a certificate fault', silence('tls'), { kind: 'unknown', cause: 'tls' }],
    ['a blocked address', silence('blocked'), { kind: 'unknown', cause: 'blocked' }],
    ['no token to be had', silence('no-token'), { kind: 'unknown', cause: 'not-allowed' }],
  ])('takes %s for what it is', (_what, given, expected) => {
    expect(classifyResponse(given, expectation)).toMatchObject(expected);
  });

  it('compares headers without case', () => {
    const wants = { ...expectation, headers: { 'X-Version': 'V2' } };
    expect(classifyResponse(answer({ headers: { 'x-version': 'v2' } }), wants).kind).toBe('good');
    expect(classifyResponse(answer({ headers: { 'x-version': 'v1' } }), wants)).toMatchObject({
      fault: 'wrong-header',
    });
  });

  it('says where a redirect leads', () => {
    const outcome = classifyResponse(answer({ status: 301, headers: { location: '/login' } }), expectation);
    expect(outcome).toMatchObject({ detail: expect.stringContaining('HTTP 301 to /login, expected 200') });
  });

  it('takes the status that was asked for, even 403', () => {
    expect(
      classifyResponse(answer({ status: 403 }), { ...expectation, status: 403, json: undefined }).kind,
    ).toBe('good');
  });

  it('finds no expected key in a prototype', () => {
    const wants = { ...expectation, json: { toString: 'x' } };
    expect(classifyResponse(answer({ body: '{}' }), wants)).toMatchObject({
      fault: 'wrong-body',
      detail: expect.stringContaining('$.toString'),
    });
  });

  it('names the place of the first difference', () => {
    const wants = { ...expectation, json: { checks: [{ ok: true }] } };
    const outcome = classifyResponse(answer({ body: '{"checks":[{"ok":false}]}' }), wants);
    expect(outcome).toMatchObject({ detail: '$.checks[0].ok is false, expected true' });
  });

  it('keeps control characters and length out of its detail', () => {
    const outcome = classifyResponse(
      answer({ status: 503, body: `\u001b[31m${'x'.repeat(5000)}\n` }),
      expectation,
    );
    expect(outcome.kind === 'bad' && outcome.detail.length).toBeLessThan(200);
    expect(outcome).toMatchObject({ detail: expect.not.stringMatching(/\p{Cc}/u) });
  });
});
