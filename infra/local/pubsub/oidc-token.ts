const lifetimeSeconds = 3_600;

export interface TokenClaims {
  readonly email: string;
  readonly audience: string;
}

/**
 * The ID token of a push as a container in Cloud Run gets to see it when Cloud Run has checked it: with the claims,
 * without the signature.
 */
export function oidcToken({ email, audience }: TokenClaims, now: Date): string {
  const iat = Math.floor(now.getTime() / 1_000);
  const claims = {
    iss: 'https://accounts.google.com',
    aud: audience,
    azp: '100000000000000000001',
    sub: '100000000000000000001',
    email,
    email_verified: true,
    iat,
    exp: iat + lifetimeSeconds,
  };
  return [
    encode({ alg: 'RS256', kid: 'local', typ: 'JWT' }),
    encode(claims),
    'SIGNATURE_REMOVED_BY_GOOGLE',
  ].join('.');
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
