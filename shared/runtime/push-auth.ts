import { z } from 'zod';
import { describeError } from '../domain/errors.ts';

/**
 * Whose pushes are accepted. `iam`: Cloud Run has verified the token; `oidc`: this process verifies it; `none` is for a
 * local stack only.
 */
export type PushAuth =
  | { readonly mode: 'iam' | 'oidc'; readonly audience: string; readonly account: string }
  | { readonly mode: 'none' };

/** Checks that Google has signed an ID token. */
export interface IdTokenVerifier {
  /**
   * True: it is signed for `audience`, and valid now.
   *
   * @throws {TransientError} Google's public keys are not available
   */
  isSigned(token: string, audience: string): Promise<boolean>;
}

/** Why a push is not accepted. 503: its token cannot be verified now; another delivery may be. */
export interface PushRefusal {
  readonly status: 401 | 403 | 503;
  readonly why: string;
}

const ClaimsSchema = z.object({
  iss: z.enum(['https://accounts.google.com', 'accounts.google.com']),
  aud: z.string(),
  email: z.string(),
  email_verified: z.literal(true),
  exp: z.number(),
});

/** The largest accepted difference between the platform's clock and ours. */
const skewSeconds = 300;

/** What Cloud Run puts in place of the signature of a token that it has verified. */
const noSignature = 'SIGNATURE_REMOVED_BY_GOOGLE';

/**
 * Why a push is refused; undefined: it is accepted. In mode `iam` Cloud Run has verified and replaced the token's
 * signature, so only the claims can be compared; they must be, since another service account may also be an invoker.
 *
 * @param authorization the header, as received
 */
export async function refusePush(
  authorization: string | undefined,
  auth: PushAuth,
  now: Date,
  verifier: IdTokenVerifier,
): Promise<PushRefusal | undefined> {
  if (auth.mode === 'none') return undefined;
  const [, token, payload, signature] =
    /^Bearer ([\w-]+\.([\w-]+)\.([\w-]+))$/.exec(authorization ?? '') ?? [];
  if (token === undefined || payload === undefined) return { status: 401, why: 'no bearer token' };
  const refused = refuseClaims(payload, auth, now);
  if (refused || auth.mode === 'iam') return refused;
  if (signature === noSignature)
    return { status: 401, why: 'Cloud Run has removed the signature: set DEPLOY_LOOP_PUSH_AUTH=iam' };
  try {
    if (await verifier.isSigned(token, auth.audience)) return undefined;
    return { status: 401, why: 'Google has not signed the token, or it is not valid now' };
  } catch (error) {
    return { status: 503, why: describeError(error) };
  }
}

function refuseClaims(
  payload: string,
  { audience, account }: Exclude<PushAuth, { mode: 'none' }>,
  now: Date,
): PushRefusal | undefined {
  const claims = ClaimsSchema.safeParse(decode(payload));
  if (!claims.success) return { status: 401, why: 'the token lacks a Google claim' };
  const { aud, email, exp } = claims.data;
  if (exp + skewSeconds < now.getTime() / 1000) return { status: 401, why: 'the token has expired' };
  if (aud !== audience) return { status: 403, why: 'the token is for another audience' };
  if (email !== account) return { status: 403, why: 'the token belongs to another account' };
  return undefined;
}

function decode(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
