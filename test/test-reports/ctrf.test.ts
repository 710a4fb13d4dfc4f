import { describe, expect, it, test } from '@jest/globals';
import { ctrfReport } from '../fixtures/results/reports.ts';
import { readChunks, readReport } from './read-report.ts';

const report = (...tests: readonly unknown[]) => JSON.stringify({ reportFormat: 'CTRF', results: { tests } });
const passed = { name: 'a', status: 'passed', duration: 1 };

describe('the CTRF reader', () => {
  it('reads tests with all that belongs to them', async () => {
    const { cases, kinds, tally } = await readReport(ctrfReport);
    expect(kinds).toEqual([]);
    expect(tally).toMatchObject({ tests: 2, passed: 1, failed: 1, timeSeconds: 2 });
    expect(cases[0]).toMatchObject({
      id: 'door.ts::shop::door::signs "in" {[',
      file: 'door.ts',
      suites: ['shop', 'door'],
      durationMs: 1500,
    });
    expect(cases[1]).toMatchObject({ outcome: 'failed', message: 'no \\ door é' });
  });

  test.each([
    [{ status: 'passed' }, 'passed', false],
    [{ status: 'failed' }, 'failed', false],
    [{ status: 'skipped' }, 'skipped', false],
    [{ status: 'pending' }, 'skipped', false],
    [{ status: 'other' }, 'errored', false],
    [{ status: 'huge' }, 'errored', false],
    [{ status: 'broken', flaky: true }, 'errored', false],
    [{ status: 'passed', flaky: true }, 'passed', true],
    [{ status: 'failed', flaky: true, retries: 2 }, 'failed', false],
    [{ status: 'passed', retries: 2 }, 'passed', true],
    [{ status: 'passed', retries: 0 }, 'passed', false],
    [{ status: 'passed', retries: 1, flaky: false }, 'passed', false],
    [{ status: 'passed', flaky: false, retryAttempts: [{ attempt: 1, status: 'failed' }] }, 'passed', true],
    [{ status: 'passed', flaky: false, retryAttempts: [{ attempt: 1, status: 'timedOut' }] }, 'passed', true],
    [{ status: 'passed', line: 'x', duration: undefined }, 'passed', false],
    [{ status: 'passed', retries: 1, retryAttempts: [{ attempt: 1, status: 'passed' }] }, 'passed', false],
  ])('takes %j for %s, flaky: %p', async (fields, outcome, flaky) => {
    const { cases } = await readReport(report({ ...passed, ...fields }));
    expect(cases).toMatchObject([{ outcome, flaky }]);
  });

  it('tells the word of a status that it does not know', async () => {
    const { cases } = await readReport(report({ ...passed, status: 'huge' }));
    expect(cases[0]?.message).toBe('its report gives it the status "huge", which is unknown');
  });

  test.each([
    ['no list of tests', '{}', 'not-results'],
    ['a list', '[]', 'not-results'],
    ['another format', '{"reportFormat":"X","results":{"tests":[]}}', 'not-results'],
    ['no test', report(), 'no-tests'],
    ['half of it', ctrfReport.slice(0, -1), 'truncated'],
    ['a slip', ctrfReport.replace(',', ';'), 'not-well-formed'],
    ['deep nesting', '['.repeat(200_000), 'too-deep'],
    ['a test without a status', report(passed, { name: 'b', duration: 1 }), 'invalid-test'],
    ['a status that nobody knows', report(passed, { ...passed, status: 'huge' }), 'unknown-status'],
    ['a clock in seconds', report({ ...passed, start: 1_900_000_000.5 }), 'implausible-clock'],
    ['a time that is none', report({ ...passed, duration: -1 }), 'invalid-time'],
    ['a swarm of what is no test', report(...Array(2000).fill(0)), 'not-results'],
    ['millions of arrays', `[${'[],'.repeat(2_000_001)}0]`, 'too-large'],
  ])('tells of %s', async (_what, text, kind) => {
    expect((await readReport(text)).kinds).toContain(kind);
  });

  it('refuses what is too large to be held, without reading on', async () => {
    let asked = 0;
    async function* long() {
      while (asked < 100) {
        asked += 1;
        yield new TextEncoder().encode(`["${'x'.repeat(1024 * 1024)}",`);
      }
    }
    expect((await readChunks(long())).kinds).toEqual(['too-large']);
    expect(asked).toBe(16);
  });

  it('is chosen by content', async () => {
    expect((await readReport(`\uFEFF\n ${ctrfReport}`)).tally.tests).toBe(2);
  });
});
