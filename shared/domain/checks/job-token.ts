import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Lets one execution of a job do one thing once. The text is `dl1.{run id}.{work}.{expiry}.{secret}` to fetch the work
 * and `dl1.{run id}.{work}.{expiry}.report.{secret}` to submit its results. Only a hash of it is stored, so that read
 * access to the database does not suffice to use it.
 */
export interface JobTokenParts {
  readonly purpose: JobTokenPurpose;
  /** 20 hex digits, not looked up yet. */
  readonly runId: string;
  readonly work: JobWork;
  /** Seconds since the epoch; the token is invalid from then on. */
  readonly expiresAtS: number;
}

/**
 * `work`: fetches the work once, and with it the token for the report. Whoever may view the project can read it, and so
 * can the tests of the job. `report`: submits the results once, and gets nothing.
 */
export type JobTokenPurpose = 'work' | 'report';

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

/** The stored data of the two tokens of one start of a job. */
export interface StoredJobTokens extends JobTokenBinding {
  /** Of the token for the work, 64 hex digits: SHA-256 over the token's text, the nonce and the membership. */
  readonly hash: string;
  /** Of the token for the report; absent: the work was not fetched yet. */
  readonly reportHash?: string | undefined;
  /** True: its results were submitted. */
  readonly used: boolean;
}

export type JobTokenVerdict =
  | 'ok'
  /** Not the stored token. */
  | 'forged'
  | 'expired'
  /** It is for the other purpose. */
  | 'misused'
  /** The work was fetched, and its results are not stored yet. */
  | 'spent'
  /** The results are stored. */
  | 'used';

const tokenPattern =
  /^dl1\.(?<runId>[0-9a-f]{20})\.(?:s(?<shard>0|[1-9][0-9]{0,6})|l-(?<suite>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?))\.(?<expiry>[1-9][0-9]{9})\.(?<report>report\.)?[0-9a-f]{64}$/;
const secretPattern = /^[0-9a-f]{64}$/;

/**
 * @param secret 64 random hex digits, never used before
 * @returns the token for the job, and the hash for the database
 * @throws {TypeError} the secret or the binding is malformed
 */
export function mintJobToken(
  purpose: JobTokenPurpose,
  binding: JobTokenBinding,
  secret: string,
): { readonly text: string; readonly hash: string } {
  if (!secretPattern.test(secret)) throw new TypeError('the secret of a job token is 64 hex digits');
  const text = `${prefixOf({ ...binding, purpose })}${secret}`;
  if (!tokenPattern.test(text))
    throw new TypeError(`a job token cannot say ${text.slice(0, -secret.length)}`);
  return { text, hash: hashOfToken(text, binding).toString('hex') };
}

/** Parses a token without verifying it. @returns undefined: it is not a token */
export function splitJobToken(text: string): JobTokenParts | undefined {
  const { runId, shard, suite, expiry, report } = tokenPattern.exec(text)?.groups ?? {};
  if (runId === undefined || expiry === undefined) return undefined;
  const work: JobWork | undefined = suite === undefined ? undefined : { kind: 'list', suite };
  return {
    purpose: report === undefined ? 'work' : 'report',
    runId,
    work: work ?? { kind: 'shard', i: Number(shard) },
    expiresAtS: Number(expiry),
  };
}

/**
 * Judges a token by the stored data of the work that it names. Any token but the stored one is `forged`, even if it is
 * also expired or used: the answer must reveal nothing about work to a caller without its token.
 * @param wanted what it is presented for
 */
export function verifyJobToken(
  text: string,
  wanted: JobTokenPurpose,
  stored: StoredJobTokens,
  now: Date,
): JobTokenVerdict {
  const purpose = splitJobToken(text)?.purpose;
  if (purpose === undefined || !isStored(text, purpose, stored)) return 'forged';
  if (now.getTime() >= stored.expiresAtS * 1_000) return 'expired';
  if (purpose !== wanted) return 'misused';
  if (stored.used) return 'used';
  return purpose === 'work' && stored.reportHash !== undefined ? 'spent' : 'ok';
}

/** Compared in constant time. The prefix is part of the hash; it is compared again in case a stored hash lacks it. */
function isStored(text: string, purpose: JobTokenPurpose, stored: StoredJobTokens): boolean {
  const known = Buffer.from((purpose === 'work' ? stored.hash : stored.reportHash) ?? '', 'hex');
  const given = hashOfToken(text, stored);
  const same = known.length === given.length && timingSafeEqual(known, given);
  return same && text.startsWith(prefixOf({ ...stored, purpose }));
}

/** A secret for one token: 64 hex digits. @param nonce draws 80 random bits; four have more randomness than a digest */
export function drawJobSecret(nonce: () => string): string {
  return createHash('sha256')
    .update(Array.from({ length: 4 }, nonce).join('.'))
    .digest('hex');
}

/**
 * A hash of everything that a token is bound to besides its own text; order counts, and different lists have different
 * hashes.
 */
export function membershipOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function prefixOf({ purpose, runId, work, expiresAtS }: JobTokenParts): string {
  const worded = work.kind === 'shard' ? `s${work.i}` : `l-${work.suite}`;
  return `dl1.${runId}.${worded}.${expiresAtS}.${purpose === 'report' ? 'report.' : ''}`;
}

function hashOfToken(text: string, { nonce, membership }: JobTokenBinding): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([text, nonce, membership]))
    .digest();
}
