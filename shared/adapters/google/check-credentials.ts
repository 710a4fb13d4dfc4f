import { isAbsolute } from 'node:path';
import { within } from '../within.ts';

/** Why the credentials of this process cannot be used, and how to mend it. */
export interface CredentialsFault {
  /** `unreachable`: Google did not respond, so they may be fine. */
  readonly kind: 'unusable' | 'unreachable';
  readonly text: string;
}

const longestMs = 10_000;
const scope = 'https://www.googleapis.com/auth/cloud-platform';
const signIn = 'sign in with `gcloud auth application-default login`';

/**
 * Gets one access token, as all clients will: what is missing is then known before anything is tried, and in one
 * sentence. Never throws.
 * @param file the value of GOOGLE_APPLICATION_CREDENTIALS
 */
export async function checkCredentials(file: string | undefined): Promise<CredentialsFault | undefined> {
  try {
    const { GoogleAuth } = await import('google-auth-library');
    const token = new GoogleAuth({ scopes: [scope] }).getAccessToken();
    await within(longestMs, token, () => new Error('ETIMEDOUT'));
    return undefined;
  } catch (error) {
    return explainCredentials(error, file);
  }
}

/** The library's errors carry the request, and so may carry credentials: little of them is shown. */
export function explainCredentials(error: unknown, file: string | undefined): CredentialsFault {
  const text = error instanceof Error ? `${error.message} ${causeOf(error)}` : String(error);
  const [unreached] =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)\b/.exec(text) ?? [];
  if (unreached !== undefined)
    return {
      kind: 'unreachable',
      text: `Google's token server cannot be reached (${unreached}): check the network and the proxy`,
    };
  const unusable = (why: string): CredentialsFault => ({ kind: 'unusable', text: why });
  if (text.includes('Could not load the default credentials'))
    return unusable(
      `there are no Google credentials: ${signIn}, or name a file in GOOGLE_APPLICATION_CREDENTIALS`,
    );
  if (/invalid_grant|invalid_rapt|reauth/i.test(text))
    return unusable(
      file === undefined
        ? `the Google credentials have expired or were revoked: ${signIn}`
        : `Google refuses the credentials in ${file}: the key was deleted, or this machine's clock is wrong`,
    );
  if (file === undefined) return unusable(`the Google credentials cannot be used: ${signIn}`);
  const isMissing = /does not exist|ENOENT|not a file|EISDIR/.test(text);
  const why = isMissing ? 'is not a file' : 'holds no credentials that can be used';
  // npm starts a program in the folder of its package, where a shorter name means another file.
  const mend = isMissing && !isAbsolute(file) ? ': write its full path' : '';
  return unusable(`GOOGLE_APPLICATION_CREDENTIALS is ${file}, which ${why}${mend}`);
}

function causeOf({ cause, ...rest }: Error & { readonly code?: unknown }): string {
  const code = 'code' in rest ? String(rest.code) : '';
  return cause instanceof Error ? `${code} ${cause.message}` : code;
}
