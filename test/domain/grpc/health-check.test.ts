import { describe, expect, it, test } from '@jest/globals';
import { asHttpAnswer, healthCheckBody, judgeHealthCheck } from '../../../shared/domain/grpc/health-check.ts';
import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';
import { isHardFault } from '../../../shared/domain/health/probe-outcome.ts';

type Answer = Extract<ProbeAnswer, { kind: 'answer' }>;

const serving = '\0\0\0\0\x02\b\x01';

function answer(changes: Partial<Answer> = {}): Answer {
  return {
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'application/grpc', 'grpc-status': '0' },
    body: serving,
    truncated: false,
    latencyMs: 20,
    authenticated: false,
    ...changes,
  };
}

const coded = (code: string, message = '') =>
  answer({ headers: { 'grpc-status': code, 'grpc-message': message }, body: '' });

const judge = (given: ProbeAnswer) => judgeHealthCheck(asHttpAnswer(given), 1000);

describe('the answer to a health check of gRPC', () => {
  test.each<[string, ProbeAnswer, object, boolean]>([
    ['SERVING', answer(), { kind: 'good' }, false],
    ['SERVING, too late', answer({ latencyMs: 1001 }), { kind: 'bad', fault: 'too-slow' }, false],
    ['NOT_SERVING', answer({ body: '\0\0\0\0\x02\b\x02' }), { kind: 'bad', fault: 'server-error' }, true],
    ['UNKNOWN', answer({ body: '\0\0\0\0\0' }), { kind: 'bad', fault: 'wrong-body' }, false],
    ['SERVICE_UNKNOWN', answer({ body: '\0\0\0\0\x02\b\x03' }), { kind: 'bad', fault: 'wrong-body' }, false],
    [
      'a status of later',
      answer({ body: '\0\0\0\0\x02\b\x04' }),
      { kind: 'bad', fault: 'wrong-body' },
      false,
    ],
    [
      'SERVING, then NOT_SERVING',
      answer({ body: '\0\0\0\0\x04\b\x01\b\x02' }),
      { fault: 'wrong-body' },
      false,
    ],
    ['a compressed frame', answer({ body: '\x01\0\0\0\x02\b\x01' }), { fault: 'wrong-body' }, false],
    ['two messages', answer({ body: serving + serving }), { fault: 'wrong-body' }, false],
    ['no message', answer({ body: '' }), { fault: 'wrong-body' }, false],
    ['SERVING without a code', answer({ headers: {} }), { kind: 'bad', fault: 'wrong-body' }, false],
    [
      'SERVING with a code that is none',
      answer({ headers: { 'grpc-status': '99' } }),
      { fault: 'wrong-body' },
      false,
    ],
    [
      'SERVING that ends with INTERNAL',
      answer({ headers: { 'grpc-status': '13' } }),
      { kind: 'bad', fault: 'server-error' },
      true,
    ],
    ['a page', answer({ headers: {}, body: '<html>' }), { kind: 'bad', fault: 'wrong-body' }, false],
    ['UNIMPLEMENTED', coded('12'), { kind: 'bad', fault: 'wrong-status' }, false],
    [
      'NOT_FOUND',
      coded('5', 'no%20such'),
      { fault: 'wrong-status', detail: 'gRPC NOT_FOUND, expected OK: no such' },
      false,
    ],
    ['UNAVAILABLE', coded('14'), { kind: 'bad', fault: 'server-error' }, true],
    ['DEADLINE_EXCEEDED', coded('4'), { kind: 'bad', fault: 'timeout' }, false],
    ['UNAUTHENTICATED by the application', coded('16', 'who%'), { fault: 'wrong-status', status: 401 }, true],
    ['PERMISSION_DENIED by the application', coded('7'), { fault: 'wrong-status', status: 403 }, true],
    ['RESOURCE_EXHAUSTED by the application', coded('8'), { fault: 'wrong-status', status: 429 }, true],
    [
      "the platform's refusal, as a code",
      coded('16', 'The%20request%20was%20not%20authenticated.'),
      { kind: 'unknown', cause: 'not-allowed' },
      false,
    ],
    [
      "the platform's refusal, as a page",
      answer({ status: 403, headers: {}, body: 'Your client does not have permission to get URL /' }),
      { kind: 'unknown', cause: 'not-allowed' },
      false,
    ],
    ['a 403 of the application', answer({ status: 403, headers: {} }), { fault: 'wrong-status' }, true],
    [
      "the platform's 404",
      answer({ status: 404, headers: {}, body: 'The requested URL was not found on this server.' }),
      { kind: 'unknown', cause: 'platform-not-found' },
      false,
    ],
    [
      "the platform's 429",
      answer({ status: 429, headers: {}, body: 'Rate exceeded.' }),
      { cause: 'overload' },
      false,
    ],
    [
      "the platform's 503 when it is full",
      answer({
        status: 503,
        headers: {},
        body: 'The request was aborted because there was no available instance.',
      }),
      { kind: 'unknown', cause: 'overload' },
      false,
    ],
    [
      "the platform's 503 for an instance that crashed",
      answer({ status: 503, headers: {}, body: 'connection to the instance had an error' }),
      { kind: 'bad', fault: 'server-error' },
      true,
    ],
    ['an HTTP server', answer({ status: 415, headers: {}, body: 'no' }), { fault: 'wrong-status' }, false],
    [
      'a refused connection',
      { kind: 'no-answer', cause: 'refused', latencyMs: 1, detail: 'x' },
      { kind: 'bad', fault: 'refused' },
      true,
    ],
  ])('%s', (_what, given, outcome, isHard) => {
    const judged = judge(given);
    expect(judged).toMatchObject(outcome);
    expect(isHardFault(judged)).toBe(isHard);
  });

  it('is good for no code and no body but one', () => {
    for (let code = 0; code < 256; code++)
      for (let status = 0; status < 128; status++) {
        const headers = { 'grpc-status': String(code) };
        const body = `\0\0\0\0\x02\b${String.fromCharCode(status)}`;
        const isGood = judge(answer({ headers, body })).kind === 'good';
        expect(isGood).toBe(code === 0 && status === 1);
      }
  });
});

test('a health check asks for a service by its name, in one frame', () => {
  expect(healthCheckBody('')).toBe('\0\0\0\0\0');
  expect(healthCheckBody('shop.v1')).toBe('\0\0\0\0\x09\n\x07shop.v1');
  expect(Buffer.from(healthCheckBody('x'.repeat(100))).readUInt32BE(1)).toBe(102);
});
