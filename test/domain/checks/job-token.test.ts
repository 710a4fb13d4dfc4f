import { describe, expect, it } from '@jest/globals';
import {
  type JobTokenBinding,
  membershipOf,
  mintJobToken,
  type StoredJobToken,
  splitJobToken,
  verifyJobToken,
} from '../../../shared/domain/checks/job-token.ts';

const secret = '0123456789abcdef'.repeat(4);
const expiresAtS = 1_800_000_000;
const expiry = expiresAtS * 1_000;
const before = new Date(expiry - 1);

const binding: JobTokenBinding = {
  runId: 'a1'.repeat(10),
  work: { kind: 'shard', i: 12 },
  nonce: 'b2'.repeat(10),
  membership: membershipOf(['checkout.spec.ts › pays', 'checkout.spec.ts › refuses']),
  expiresAtS,
};

function issued(changes: Partial<JobTokenBinding> = {}, used = false) {
  const bound = { ...binding, ...changes };
  const { text, hash } = mintJobToken(bound, secret);
  const stored: StoredJobToken = { ...bound, hash, used };
  return { text, stored };
}

describe('a job token', () => {
  it('is good for the work it was made for', () => {
    const { text, stored } = issued();
    expect(text).toBe(`dl1.${binding.runId}.s12.1800000000.${secret}`);
    expect(verifyJobToken(text, stored, before)).toBe('ok');
  });

  it('leaves nothing in the database that could be sent', () => {
    const { text, stored } = issued();
    const record = JSON.stringify(stored);
    expect(record).not.toContain(secret);
    expect(record).not.toContain(text);
    expect(verifyJobToken(stored.hash, stored, before)).toBe('malformed');
    const asSecret = text.replace(secret, stored.hash);
    expect(verifyJobToken(asSecret, stored, before)).toBe('forged');
  });

  it.each([
    ['a shard', { kind: 'shard', i: 0 }],
    ['a shard far out', { kind: 'shard', i: 4_999 }],
    ['the list of a suite', { kind: 'list', suite: 'smoke-2' }],
    ['the list of a suite that is named like a shard', { kind: 'list', suite: 's12' }],
  ] as const)('says that it is for %s', (_, work) => {
    const { text, stored } = issued({ work });
    expect(splitJobToken(text)).toEqual({ runId: binding.runId, work, expiresAtS });
    expect(verifyJobToken(text, stored, before)).toBe('ok');
  });

  it('is forged with any bit of it changed', () => {
    const { text, stored } = issued();
    const bytes = Buffer.from(text);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(['forged', 'malformed']).toContain(verifyJobToken(flipped.toString('latin1'), stored, before));
    }
  });

  it.each<[string, Partial<JobTokenBinding>]>([
    ['another run', { runId: 'c3'.repeat(10) }],
    ['another shard', { work: { kind: 'shard', i: 13 } }],
    ['the list of a suite', { work: { kind: 'list', suite: 'smoke' } }],
    ['a later expiry', { expiresAtS: expiresAtS + 1 }],
  ])('of %s is forged, even with the same secret', (_, changes) => {
    expect(verifyJobToken(issued(changes).text, issued().stored, before)).toBe('forged');
  });

  it.each<[string, Partial<JobTokenBinding>]>([
    ['the claim', { nonce: 'd4'.repeat(10) }],
    ['the list of checks', { membership: membershipOf(['checkout.spec.ts › pays']) }],
  ])('is forged once %s that it was made for is another', (_, changes) => {
    const { text, stored } = issued();
    expect(verifyJobToken(text, { ...stored, ...changes }, before)).toBe('forged');
  });

  it('is forged when the stored binding has been put under the hash of another', () => {
    const { text, stored } = issued();
    expect(verifyJobToken(text, { ...stored, runId: 'c3'.repeat(10) }, before)).toBe('forged');
    expect(verifyJobToken(text, { ...stored, expiresAtS: expiresAtS + 3_600 }, before)).toBe('forged');
    expect(verifyJobToken(text, { ...stored, hash: '' }, before)).toBe('forged');
  });

  it('ends at its expiry, to the millisecond', () => {
    const { text, stored } = issued();
    expect(verifyJobToken(text, stored, new Date(expiry - 1))).toBe('ok');
    expect(verifyJobToken(text, stored, new Date(expiry))).toBe('expired');
    expect(verifyJobToken(text, stored, new Date(expiry + 1))).toBe('expired');
  });

  it('is used once', () => {
    const { text, stored } = issued({}, true);
    expect(verifyJobToken(text, stored, before)).toBe('used');
  });

  it('tells only its owner that it has expired or was used', () => {
    const { stored } = issued({}, true);
    const other = mintJobToken(binding, 'f'.repeat(64)).text;
    expect(verifyJobToken(other, stored, before)).toBe('forged');
    expect(verifyJobToken(other, stored, new Date(expiry))).toBe('forged');
  });

  it.each([
    [''],
    ['dl1'],
    ['Bearer x'],
    [`dl2.${binding.runId}.s1.1800000000.${secret}`],
    [`dl1.${binding.runId}.s01.1800000000.${secret}`],
    [`dl1.${binding.runId}.s1.18000000000.${secret}`],
    [`dl1.${binding.runId}.s1.1800000000.${secret.toUpperCase()}`],
    [`dl1.${binding.runId}.s1.1800000000.${secret}\n`],
    [`dl1.${binding.runId}.l-../../x.1800000000.${secret}`],
    [`dl1.${binding.runId}.s1.1800000000.${secret.slice(1)}`],
  ])('%j is malformed', (text) => {
    expect(splitJobToken(text)).toBeUndefined();
    expect(verifyJobToken(text, issued().stored, before)).toBe('malformed');
  });

  it.each([
    ['a short secret', {}, 'abc'],
    ['a run id that is none', { runId: '../..' }, secret],
    ['a suite name that is none', { work: { kind: 'list', suite: 'A.b' } }, secret],
    ['an expiry in milliseconds', { expiresAtS: expiry }, secret],
    ['a broken expiry', { expiresAtS: 1_800_000_000.5 }, secret],
  ] as const)('is not made of %s', (_, changes, given) => {
    expect(() => mintJobToken({ ...binding, ...changes }, given)).toThrow(TypeError);
  });
});

describe('membershipOf', () => {
  it('tells lists apart that read the same when joined, and their order', () => {
    const hashes = [['a', 'b'], ['b', 'a'], ['a\nb'], ['a,b'], ['a', 'b', ''], []].map(membershipOf);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
