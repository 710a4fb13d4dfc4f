import { z } from 'zod';

/** Whose pushes are accepted. `none` is for a local stack only. */
export type PushAuth =
  | { readonly mode: 'iam'; readonly audience: string; readonly account: string }
  | { readonly mode: 'none' };

const ClaimsSchema = z.object({
  iss: z.enum(['https://accounts.google.com', 'accounts.google.com']),
  aud: z.string(),
  email: z.string(),
  email_verified: z.literal(true),
  exp: z.number(),
});

/** The largest accepted difference between the platform's clock and ours. */
const skewSeconds = 300;

/**
 * Why a push is refused; undefined: it is accepted. In mode `iam` Cloud Run has verified and replaced the token's
 * signature, so only the claims can be compared; they must be, since another service account may also be an invoker.
 *
 * @param authorization the header, as received
 */
export function refusePush(
  authorization: string | undefined,
  auth: PushAuth,
  now: Date,
): { readonly status: 401 | 403; readonly why: string } | undefined {
  if (auth.mode === 'none') return undefined;
  const payload = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/.exec(authorization ?? '')?.[1];
  if (payload === undefined) return { status: 401, why: 'no bearer token' };
  const claims = ClaimsSchema.safeParse(decode(payload));
  if (!claims.success) return { status: 401, why: 'the token lacks a Google claim' };
  const { aud, email, exp } = claims.data;
  if (exp + skewSeconds < now.getTime() / 1000) return { status: 401, why: 'the token has expired' };
  if (aud !== auth.audience) return { status: 403, why: 'the token is for another audience' };
  if (email !== auth.account) return { status: 403, why: 'the token belongs to another account' };
  return undefined;
}

function decode(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
