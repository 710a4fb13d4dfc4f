import { describe, expect, it } from '@jest/globals';
import { explainCredentials } from '../../../shared/adapters/google/check-credentials.ts';
import { withMend } from '../../../shared/adapters/google/with-mend.ts';

const secret = 'ya29.secret';

describe('credentials that cannot be used', () => {
  it.each([
    [
      'none',
      'Could not load the default credentials. Browse to https://cloud.google.com/docs',
      undefined,
      /^there are no Google credentials: sign in with /,
    ],
    [
      'expired',
      'invalid_grant',
      undefined,
      /^the Google credentials have expired or were revoked: sign in with /,
    ],
    ['in need of a new sign-in', 'reauth related error (invalid_rapt)', undefined, /expired or were revoked/],
    [
      'of a deleted key',
      'invalid_grant: Invalid JWT Signature.',
      'key.json',
      /^Google refuses the credentials in key\.json: the key was deleted/,
    ],
    [
      'in a file that is not there',
      'The file at key.json does not exist, or it is not a file. ENOENT',
      'key.json',
      /^GOOGLE_APPLICATION_CREDENTIALS is key\.json, which is not a file: write its full path$/,
    ],
    [
      'in a file of another kind',
      `Unexpected token ${secret}`,
      'key.json',
      /^GOOGLE_APPLICATION_CREDENTIALS is key\.json, which holds no credentials/,
    ],
  ])('%s', (_, message, file, text) => {
    const fault = explainCredentials(new Error(message), file);
    expect(fault).toEqual({ kind: 'unusable', text: expect.stringMatching(text) });
    expect(fault.text).not.toContain(secret);
  });

  it.each(['getaddrinfo ENOTFOUND oauth2.googleapis.com', 'connect ECONNREFUSED 1.2.3.4:443', 'ETIMEDOUT'])(
    'that nobody could check: %s',
    (message) => {
      expect(explainCredentials(new Error(message), undefined)).toMatchObject({ kind: 'unreachable' });
    },
  );
});

describe('a refusal by Google', () => {
  it('of an API that is off names the page that turns it on', () => {
    const url = 'https://console.developers.google.com/apis/api/run.googleapis.com/overview?project=123';
    const text = `Cloud Run Admin API has not been used in project 123 before or it is disabled. Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes.`;
    expect(withMend('PERMISSION_DENIED', text)).toBe(
      `Cloud Run Admin is disabled in project 123: enable it at ${url}`,
    );
  });

  it('of a permission says what is missing', () => {
    expect(withMend('PERMISSION_DENIED', "Permission 'run.services.get' denied.")).toBe(
      "Permission 'run.services.get' denied: give this account a role that permits it, or correct the project",
    );
    expect(withMend('NOT_FOUND', 'no such service')).toBe('no such service');
  });
});
