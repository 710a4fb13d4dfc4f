import { describe, expect, it } from '@jest/globals';
import { faultOfError } from '../../../shared/adapters/google/faults.ts';

describe('what a Google client threw', () => {
  it.each([
    [
      'an answer of the API',
      Object.assign(new Error('14 UNAVAILABLE: away'), { code: 14, details: 'away' }),
      { code: 'UNAVAILABLE', text: 'away' },
    ],
    [
      'an error of the client itself',
      new Error('socket hang up'),
      { code: undefined, text: 'socket hang up' },
    ],
    ['something else', 'boom', { code: undefined, text: 'unknown error' }],
  ])('is told as it is: %s', (_what, error, fault) => {
    expect(faultOfError(error)).toEqual(fault);
  });

  it('says how to sign in when there are no credentials', () => {
    const { text } = faultOfError(
      new Error('Could not load the default credentials. Browse to https://cloud.google.com/docs'),
    );
    expect(text).toBe('no Google credentials. Sign in: gcloud auth application-default login');
  });

  it('shows no secret, even where it is cut', () => {
    const error = new Error(`${'x'.repeat(480)} https://me:c0re7Secret9Part@h/ token=c0re7Secret9Part`);
    expect(faultOfError(error).text).not.toContain('c0re');
  });

  it('holds nothing of the request', () => {
    const error = Object.assign(new Error('7 PERMISSION_DENIED: no'), {
      code: 7,
      details: 'no',
      metadata: { authorization: 'Bearer secret' },
    });
    expect(JSON.stringify(faultOfError(error))).not.toContain('secret');
  });
});
