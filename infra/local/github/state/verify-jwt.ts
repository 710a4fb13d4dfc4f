import { verify } from 'node:crypto';
import type { Identity, LocalApp } from './identity.ts';

/** docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const longestSeconds = 600;

/** Checks the signature (RS256) and the times of an App's own token, with GitHub's words against each fault. */
export function verifyJwt(
  jwt: string,
  appOf: (issuer: string) => LocalApp | undefined,
  now: Date,
): Identity | { readonly fault: string } {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const { alg } = readPart(head);
  const { iss, iat, exp } = readPart(claims);
  const app = appOf(String(iss));
  if (alg !== 'RS256' || !app) return { fault: 'A JSON web token could not be decoded' };
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${claims}`),
    app.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) return { fault: 'A JSON web token could not be decoded' };
  const seconds = Math.floor(now.getTime() / 1_000);
  if (typeof exp !== 'number' || exp <= seconds)
    return {
      fault:
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    };
  if (exp > seconds + longestSeconds)
    return { fault: "'Expiration time' claim ('exp') is too far in the future" };
  if (typeof iat !== 'number' || iat > seconds)
    return {
      fault:
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    };
  return { kind: 'app', app };
}

function readPart(text: string): Readonly<Record<string, unknown>> {
  try {
    const part: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof part === 'object' && part !== null ? { ...part } : {};
  } catch {
    return {};
  }
}
