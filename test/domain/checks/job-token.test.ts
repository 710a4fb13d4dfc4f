import { describe, expect, it } from '@jest/globals';
import {
  type JobTokenBinding,
  type JobTokenPurpose,
  membershipOf,
  mintJobToken,
  type StoredJobTokens,
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
  const { text, hash } = mintJobToken('work', bound, secret);
  const stored: StoredJobTokens = { ...bound, hash, used };
  return { text, stored };
}

/** The same, after its work was fetched; `text` is the token for the report. */
function fetched(used = false) {
  const { text: spent, stored } = issued({}, used);
  const { text, hash } = mintJobToken('report', binding, 'e'.repeat(64));
  return { spent, text, stored: { ...stored, reportHash: hash } };
}

function verify(text: string, stored: StoredJobTokens, now: Date, wanted: JobTokenPurpose = 'work') {
  return verifyJobToken(text, wanted, stored, now);
}

describe('a job token', () => {
  it('is good for the work it was made for', () => {
    const { text, stored } = issued();
    expect(text).toBe(`dl1.${binding.runId}.s12.1800000000.${secret}`);
    expect(verify(text, stored, before)).toBe('ok');
  });

  it('leaves nothing in the database that could be sent', () => {
    const { text, stored } = issued();
    const record = JSON.stringify(stored);
    expect(record).not.toContain(secret);
    expect(record).not.toContain(text);
    expect(verify(stored.hash, stored, before)).toBe('forged');
    const asSecret = text.replace(secret, stored.hash);
    expect(verify(asSecret, stored, before)).toBe('forged');
  });

  it.each([
    ['a shard', { kind: 'shard', i: 0 }],
    ['a shard far out', { kind: 'shard', i: 4_999 }],
    ['the list of a suite', { kind: 'list', suite: 'smoke-2' }],
    ['the list of a suite that is named like a shard', { kind: 'list', suite: 's12' }],
  ] as const)('says that it is for %s', (_, work) => {
    const { text, stored } = issued({ work });
    expect(splitJobToken(text)).toEqual({ purpose: 'work', runId: binding.runId, work, expiresAtS });
    expect(verify(text, stored, before)).toBe('ok');
  });

  it('is forged with any bit of it changed', () => {
    const { text, stored } = issued();
    const bytes = Buffer.from(text);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verify(flipped.toString('latin1'), stored, before)).toBe('forged');
    }
  });

  it.each<[string, Partial<JobTokenBinding>]>([
    ['another run', { runId: 'c3'.repeat(10) }],
    ['another shard', { work: { kind: 'shard', i: 13 } }],
    ['the list of a suite', { work: { kind: 'list', suite: 'smoke' } }],
    ['a later expiry', { expiresAtS: expiresAtS + 1 }],
  ])('of %s is forged, even with the same secret', (_, changes) => {
    expect(verify(issued(changes).text, issued().stored, before)).toBe('forged');
  });

  it.each<[string, Partial<JobTokenBinding>]>([
    ['the claim', { nonce: 'd4'.repeat(10) }],
    ['the list of checks', { membership: membershipOf(['checkout.spec.ts › pays']) }],
  ])('is forged once %s that it was made for is another', (_, changes) => {
    const { text, stored } = issued();
    expect(verify(text, { ...stored, ...changes }, before)).toBe('forged');
  });

  it('is forged when the stored binding has been put under the hash of another', () => {
    const { text, stored } = issued();
    expect(verify(text, { ...stored, runId: 'c3'.repeat(10) }, before)).toBe('forged');
    expect(verify(text, { ...stored, expiresAtS: expiresAtS + 3_600 }, before)).toBe('forged');
    expect(verify(text, { ...stored, hash: '' }, before)).toBe('forged');
  });

  it('ends at its expiry, to the millisecond', () => {
    const { text, stored } = issued();
    expect(verify(text, stored, new Date(expiry - 1))).toBe('ok');
    expect(verify(text, stored, new Date(expiry))).toBe('expired');
    expect(verify(text, stored, new Date(expiry + 1))).toBe('expired');
  });

  it('is used once', () => {
    const { text, stored } = issued({}, true);
    expect(verify(text, stored, before)).toBe('used');
  });

  it('fetches its work once', () => {
    const { spent, stored } = fetched();
    expect(verify(spent, stored, before)).toBe('spent');
    expect(verify(spent, stored, new Date(expiry))).toBe('expired');
    expect(verify(spent, { ...stored, used: true }, before)).toBe('used');
  });

  it('for the report only reports, and the one for the work does not', () => {
    const { spent, text, stored } = fetched();
    expect(text).toBe(`dl1.${binding.runId}.s12.1800000000.report.${'e'.repeat(64)}`);
    expect(splitJobToken(text)).toMatchObject({ purpose: 'report', work: binding.work });
    expect(verify(text, stored, before, 'report')).toBe('ok');
    expect(verify(text, stored, before)).toBe('misused');
    expect(verify(spent, stored, before, 'report')).toBe('misused');
    expect(verify(issued().text, issued().stored, before, 'report')).toBe('misused');
    expect(verify(text, stored, new Date(expiry), 'report')).toBe('expired');
    expect(verify(text, { ...stored, used: true }, before, 'report')).toBe('used');
  });

  it('for the report is forged before there is one, after a new start, and with the secret of the other', () => {
    const { text, stored } = fetched();
    expect(verify(text, issued().stored, before, 'report')).toBe('forged');
    expect(verify(text, { ...stored, nonce: 'd4'.repeat(10) }, before, 'report')).toBe('forged');
    const same = mintJobToken('report', binding, secret).text;
    expect(verify(same, stored, before, 'report')).toBe('forged');
    expect(verify(text.replace('report.', ''), stored, before)).toBe('forged');
  });

  it('tells only its owner that it has expired or was used', () => {
    const { stored } = issued({}, true);
    const other = mintJobToken('work', binding, 'f'.repeat(64)).text;
    expect(verify(other, stored, before)).toBe('forged');
    expect(verify(other, stored, new Date(expiry))).toBe('forged');
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
    [`dl1.${binding.runId}.s1.1800000000.report${secret}`],
    [`dl1.${binding.runId}.s1.1800000000.work.${secret}`],
    [`dl1.${binding.runId}.s1.1800000000.report.report.${secret}`],
  ])('%j is none', (text) => {
    expect(splitJobToken(text)).toBeUndefined();
    expect(verify(text, issued().stored, before)).toBe('forged');
  });

  it.each([
    ['a short secret', {}, 'abc'],
    ['a run id that is none', { runId: '../..' }, secret],
    ['a suite name that is none', { work: { kind: 'list', suite: 'A.b' } }, secret],
    ['an expiry in milliseconds', { expiresAtS: expiry }, secret],
    ['a broken expiry', { expiresAtS: 1_800_000_000.5 }, secret],
  ] as const)('is not made of %s', (_, changes, given) => {
    expect(() => mintJobToken('work', { ...binding, ...changes }, given)).toThrow(TypeError);
  });
});

describe('membershipOf', () => {
  it('tells lists apart that read the same when joined, and their order', () => {
    const hashes = [['a', 'b'], ['b', 'a'], ['a\nb'], ['a,b'], ['a', 'b', ''], []].map(membershipOf);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
