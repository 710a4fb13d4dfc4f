import { describe, expect, it, test } from '@jest/globals';
import { judgeCompliance } from '../../../shared/domain/audits/judge-compliance.ts';
import { isBaseline, judgeGates } from '../../../shared/domain/audits/run-audits.ts';
import type { Scan } from '../../../shared/domain/audits/scan.ts';
import { name } from '../entities.ts';

const policy = { gate: false, minimum: 0 };

/** One finding in each file. */
function scanOf(files: readonly string[], all?: number): Scan {
  const findings = files.map((file) => ({ key: `key of ${file}`, rule: 'ssot', file }));
  return { tools: ['ssot'], findings, ...(all !== undefined && { files: all }) };
}
const lastGood = (...files: string[]) => ({ revision: name('web-1'), scan: scanOf(files, 10) });

describe('the compliance ratchet', () => {
  it('scores clean files of all files', () => {
    const dirty = Array.from({ length: 142 }, (_, n) => `src/${n}.ts`);
    const audit = judgeCompliance(scanOf(dirty, 861), lastGood(...dirty), { gate: true, minimum: 0.8 });
    expect(audit.score).toBeCloseTo((861 - 142) / 861, 10);
    expect(audit).toMatchObject({ status: 'pass', baseline: 'web-1' });
    expect(audit.rows[2]).toMatchObject({ value: '83.5 % (719 of 861)' });
  });

  test.each<[string, Scan | undefined, ReturnType<typeof lastGood> | undefined, number, string]>([
    ['nothing new', scanOf(['a'], 10), lastGood('a', 'b'), 0, 'pass'],
    ['one new finding for two that are gone', scanOf(['c'], 10), lastGood('a', 'b'), 0, 'fail'],
    ['a score below the minimum', scanOf(['a'], 2), lastGood('a'), 0.8, 'fail'],
    ['no scan', undefined, lastGood('a'), 0, 'unknown'],
    ['no baseline', scanOf([], 10), undefined, 0, 'unknown'],
    ['no baseline, and below the minimum', scanOf(['a'], 2), undefined, 0.8, 'fail'],
    ['an unknown number of files', scanOf(['a']), lastGood('a'), 0, 'pass'],
    ['an unknown number of files, and a minimum', scanOf(['a']), lastGood('a'), 0.8, 'unknown'],
    ['no files at all, and a minimum', scanOf([], 0), lastGood(), 0.8, 'unknown'],
  ])('of %s', (_what, scan, baseline, minimum, status) => {
    expect(judgeCompliance(scan, baseline, { ...policy, minimum })).toMatchObject({ status });
  });

  it('names what is new', () => {
    const audit = judgeCompliance(scanOf(['a', 'b'], 10), lastGood('a'), policy);
    expect(audit.rows[0]).toMatchObject({ state: 'bad', value: '1', note: 'ssot in b' });
  });
});

describe('gates', () => {
  const audit = (status: 'pass' | 'fail' | 'unknown', gate = true) => ({
    ...judgeCompliance(undefined, undefined, { gate, minimum: 0 }),
    status,
  });

  test.each<[string, Parameters<typeof judgeGates>[0], string]>([
    ['no audits', undefined, 'pass'],
    ['no gates', { gates: [], results: [audit('fail', false)] }, 'pass'],
    ['a gate that passed', { gates: ['compliance'], results: [audit('pass')] }, 'pass'],
    ['a gate that failed', { gates: ['compliance'], results: [audit('fail')] }, 'fail'],
    ['a gate that is not known', { gates: ['compliance'], results: [audit('unknown')] }, 'unknown'],
    ['audits that are not made', { gates: ['compliance'] }, 'unknown'],
    ['a gate without a result', { gates: ['compliance', 'drift'], results: [audit('pass')] }, 'unknown'],
    ['one of two failed', { gates: ['drift', 'compliance'], results: [audit('fail')] }, 'fail'],
  ])('of %s', (_what, audits, status) => {
    expect(judgeGates(audits)).toBe(status);
  });

  it('keep what they refused from becoming the baseline', () => {
    expect(isBaseline('compliance', { results: [audit('fail')] })).toBe(false);
    expect(isBaseline('compliance', { results: [audit('fail', false)] })).toBe(true);
    expect(isBaseline('compliance', { results: [audit('unknown')] })).toBe(true);
    expect(isBaseline('drift', { results: [audit('pass')] })).toBe(false);
    expect(isBaseline('compliance', {})).toBe(false);
  });
});
