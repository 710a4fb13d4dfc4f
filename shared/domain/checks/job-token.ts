import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Lets one execution of a job fetch one piece of work and submit its results. The text is `dl1.{run
 * id}.{work}.{expiry}.{secret}`; only a hash of it is stored, so that read access to the database does not suffice to
 * use it.
 */
export interface JobTokenParts {
  /** 20 hex digits, not looked up yet. */
  readonly runId: string;
  readonly work: JobWork;
  /** Seconds since the epoch; the token is invalid from then on. */
  readonly expiresAtS: number;
}

/** The work of an execution. */
export type JobWork =
  /** Run the checks of one shard. */
  | { readonly kind: 'shard'; readonly i: number }
  /** List the checks of one suite. */
  | { readonly kind: 'list'; readonly suite: string };

export interface JobTokenBinding {
  readonly runId: string;
  readonly work: JobWork;
  /** The nonce of the claim under which the execution was started: a new claim of the work invalidates older tokens. */
  readonly nonce: string;
  /** Hash of the work: the ids of the shard, or the command that lists them. */
  readonly membership: string;
  readonly expiresAtS: number;
}

/** The stored data of one token. */
export interface StoredJobToken extends JobTokenBinding {
  /** 64 hex digits: SHA-256 over the token's text, the nonce and the membership. */
  readonly hash: string;
  /** True: its results were submitted. */
  readonly used: boolean;
}

export type JobTokenVerdict = 'ok' | 'malformed' | 'forged' | 'expired' | 'used';

const tokenPattern =
  /^dl1\.(?<runId>[0-9a-f]{20})\.(?:s(?<shard>0|[1-9][0-9]{0,6})|l-(?<suite>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?))\.(?<expiry>[1-9][0-9]{9})\.[0-9a-f]{64}$/;
const secretPattern = /^[0-9a-f]{64}$/;

/**
 * @param secret 64 random hex digits, never used before
 * @returns the token for the job, and the hash for the database
 * @throws {TypeError} the secret or the binding is malformed
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

/** Parses a token without verifying it. @returns undefined: it is not a token */
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
 * Judges a token by the stored data of the work that it names. Any token but the stored one is `forged`, even if it is
 * also expired or used: the answer must reveal nothing about work to a caller without its token.
 */
export function verifyJobToken(text: string, stored: StoredJobToken, now: Date): JobTokenVerdict {
  if (!tokenPattern.test(text)) return 'malformed';
  // Compared in constant time. The prefix is part of the hash; it is compared again in case a stored hash lacks it.
  const known = Buffer.from(stored.hash, 'hex');
  const given = hashOfToken(text, stored);
  const same = known.length === given.length && timingSafeEqual(known, given);
  if (!same || !text.startsWith(`${prefixOf(stored)}.`)) return 'forged';
  if (now.getTime() >= stored.expiresAtS * 1_000) return 'expired';
  return stored.used ? 'used' : 'ok';
}

/**
 * A hash of everything that a token is bound to besides its own text; order counts, and different lists have different
 * hashes.
 */
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
