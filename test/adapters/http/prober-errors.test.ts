import { expect, it, test } from '@jest/globals';
import { explainProbeError } from '../../../shared/adapters/http/explain-probe-error.ts';

function withCode(code: string): Error {
  return Object.assign(new Error('said something secret'), { code });
}

test.each([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'refused'],
  ['EPIPE', 'refused'],
  ['UND_ERR_SOCKET', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['ENOTFOUND', 'name-resolution'],
  ['EAI_AGAIN', 'name-resolution'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['ENETUNREACH', 'blocked'],
  ['EHOSTUNREACH', 'blocked'],
  ['EMFILE', 'blocked'],
])('%s means %s', (code, cause) => {
  const explanation = explainProbeError(new TypeError('fetch failed', { cause: withCode(code) }));

  expect(explanation.cause).toBe(cause);
  expect(explanation.detail).toContain(code);
  expect(explanation.detail).not.toContain('secret');
});

it('looks at every address that was tried', () => {
  const gathered = new AggregateError([withCode('ENETUNREACH'), withCode('ECONNREFUSED')]);
  expect(explainProbeError(new TypeError('fetch failed', { cause: gathered })).cause).toBe('refused');
});

test.each([[undefined], ['text'], [{}], [Object.assign(new Error(), { code: 7 })]])(
  'has an answer to anything thrown: %p',
  (thrown) => {
    expect(explainProbeError(thrown).cause).toBe('blocked');
  },
);

it('does not go round in circles', () => {
  const error = new Error();
  error.cause = error;
  expect(explainProbeError(error).cause).toBe('blocked');
});
