import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * What lets one execution of a job fetch one piece of work and hand in its results. Its text is
 * `dl1.{run id}.{work}.{expiry}.{secret}`; only a hash of it is stored, so that who reads the database cannot use it.
 */
export interface JobTokenParts {
  /** 20 hex digits, yet to be looked up. */
  readonly runId: string;
  readonly work: JobWork;
  /** Seconds since the epoch; from then on the token is worth nothing. */
  readonly expiresAtS: number;
}

/** What an execution of a job is started for. */
export type JobWork =
  /** Run the checks of one shard. */
  | { readonly kind: 'shard'; readonly i: number }
  /** List the checks of one suite. */
  | { readonly kind: 'list'; readonly suite: string };

export interface JobTokenBinding {
  readonly runId: string;
  readonly work: JobWork;
  /** Of the claim under which the execution was started: who claims the work anew makes older tokens worthless. */
  readonly nonce: string;
  /** Hash of what is to be done: the ids of the shard, or the command that lists them. */
  readonly membership: string;
  readonly expiresAtS: number;
}

/** What stands in the database of one token. */
export interface StoredJobToken extends JobTokenBinding {
  /** 64 hex digits: SHA-256 over the token's text, the nonce and the membership. */
  readonly hash: string;
  /** True: results were handed in with it. */
  readonly used: boolean;
}

export type JobTokenVerdict = 'ok' | 'malformed' | 'forged' | 'expired' | 'used';

const tokenPattern =
  /^dl1\.(?<runId>[0-9a-f]{20})\.(?:s(?<shard>0|[1-9][0-9]{0,6})|l-(?<suite>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?))\.(?<expiry>[1-9][0-9]{9})\.[0-9a-f]{64}$/;
const secretPattern = /^[0-9a-f]{64}$/;

/**
 * @param secret 64 random hex digits, never used before
 * @returns the token for the job, and the hash for the database
 * @throws {TypeError} a secret, or a binding, of another form
 */
export function mintJobToken(
  binding: JobTokenBinding,
  secret: string,
): { readonly text: string; readonly hash: string } {
  if (!secretPattern.test(secret)) throw new TypeError('the secret of a job token is 64 hex digits');
  const text = `${prefixOf(binding)}.${secret}`;
  if (!tokenPattern.test(text)) throw new TypeError(`a job token cannot say ${prefixOf(binding)}`);
  return { text, hash: hashOfToken(text, binding).toString('hex') };
}

/** Says what a token is for, true or not. @returns undefined: it is not a token */
export function splitJobToken(text: string): JobTokenParts | undefined {
  const { runId, shard, suite, expiry } = tokenPattern.exec(text)?.groups ?? {};
  if (runId === undefined || expiry === undefined) return undefined;
  const work: JobWork | undefined = suite === undefined ? undefined : { kind: 'list', suite };
  return {
    runId,
    work: work ?? { kind: 'shard', i: Number(shard) },
    expiresAtS: Number(expiry),
  };
}

/**
 * Judges a token by what is stored of the work that it names. A token that is not the stored one is `forged`, whatever
 * else it may be, so that nobody learns from an answer about work whose token they do not have.
 */
export function verifyJobToken(text: string, stored: StoredJobToken, now: Date): JobTokenVerdict {
  if (!tokenPattern.test(text)) return 'malformed';
  // Compared in constant time; the prefix is inside the hash, and once more here for who stored a hash by mistake.
  const known = Buffer.from(stored.hash, 'hex');
  const given = hashOfToken(text, stored);
  const same = known.length === given.length && timingSafeEqual(known, given);
  if (!same || !text.startsWith(`${prefixOf(stored)}.`)) return 'forged';
  if (now.getTime() >= stored.expiresAtS * 1_000) return 'expired';
  return stored.used ? 'used' : 'ok';
}

/** What a token is bound to besides its own text, as hash: order counts, and no two lists look the same. */
export function membershipOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function prefixOf({ runId, work, expiresAtS }: JobTokenParts): string {
  return `dl1.${runId}.${work.kind === 'shard' ? `s${work.i}` : `l-${work.suite}`}.${expiresAtS}`;
}

function hashOfToken(text: string, { nonce, membership }: JobTokenBinding): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([text, nonce, membership]))
    .digest();
}
