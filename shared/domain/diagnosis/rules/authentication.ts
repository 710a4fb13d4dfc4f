import type { Rule } from '../rule.ts';

const auth = 'auth-failure';

/** Two sides that do not accept each other. */
export const authenticationRules: readonly Rule[] = [
  {
    name: 'token-invalid',
    layer: 'cause',
    means: auth,
    weight: 66,
    pattern: String.raw`(?i)(?:invalid|expired|malformed|bad|wrong) (?:\w+ )?(?:jwt|token|signature|audience|issuer|api key|credentials?|secret|client)\b|(?:jwt|token) (?:is |has |was )?(?:expired|malformed|invalid|rejected)|signature (?:verification )?(?:failed|has expired|mismatch|is invalid)|invalid_(?:grant|client|token)|InvalidSignatureError|JsonWebTokenError|TokenExpiredError|audience .{0,30}(?:mismatch|doesn.t match|invalid)|redirect[_ ]uri.{0,30}(?:mismatch|invalid|not match|not allowed)|incorrect "(?:aud|iss)"|(?:jwt|id token|token) .{0,40}(?:expired|issuer|audience|algorithm|kid\b|not yet valid|used too early)|no matching (?:key|kid)|signing key .{0,20}not found|unknown kid|invalid_request|Token used too|Invalid token signature|decrypt\w* .{0,30}(?:session|cookie|token)|csrf token .{0,20}(?:mismatch|invalid|missing|incorrect)|invalid csrf|JWTClaimValidation|JWSSignature|InvalidToken`,
    says: 'a token or key was refused: $0',
    source: 'OAuth 2, JWT libraries',
  },
  {
    name: 'password-refused',
    layer: 'cause',
    means: auth,
    weight: 78,
    pattern:
      '(?i)WRONGPASS|invalid username-password pair|invalid (?:username|password|login)|bad credentials|incorrect (?:username|password|api key)|invalid[ _]api[ _]key',
    says: 'a user name, password or key was refused: $0',
    source: 'Redis, HTTP APIs',
  },
  {
    name: 'login-refused',
    layer: 'cause',
    means: auth,
    weight: 80,
    pattern: String.raw`(?i)\b(?:log|sign)[ -]?(?:in|on)\b (?:\w+ ){0,3}(?:refused|fails?|failed|rejected|denied|broken)|redirect_uri is not`,
    says: 'nobody can log in: $0',
    source: 'OAuth 2, applications',
  },
  {
    name: 'not-authenticated',
    layer: 'cause',
    means: auth,
    weight: 58,
    isVague: true,
    pattern: String.raw`(?i)not authenticated|unauthenticated\b|auth(?:entication|orization|enticate)?[ _-]?(?:is |has |was )?(?:failed|failure|error|required|rejected|denied)|authentication .{0,40}blocked|(?:401|403)\W{1,3}(?:unauthorized|forbidden|not authenticated)|(?:unauthorized|forbidden)\b|login (?:failed|rejected)`,
    says: 'a caller was not accepted: $0',
    source: 'HTTP frameworks',
  },
  {
    name: 'auth-status',
    layer: 'noticed',
    means: auth,
    weight: 40,
    pattern: String.raw`(?i)\b(?:http|status|code|returned|HTTP/1\.1"?)\W{0,4}(401|403)\b`,
    says: 'requests were answered with $1',
    source: 'RFC 9110',
  },
];
