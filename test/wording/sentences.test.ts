import { describe, expect, it, test } from '@jest/globals';
import type { FailureRecord } from '../../shared/contracts/records.ts';
import type { EffectId, RevisionName } from '../../shared/domain/ids.ts';
import { countOf } from '../../shared/domain/render/count-of.ts';
import { describeCheck } from '../../shared/wording/describe-check.ts';
import { describeEffect } from '../../shared/wording/describe-effect.ts';
import { describePin } from '../../shared/wording/describe-pin.ts';
import { describeStanding } from '../../shared/wording/describe-standing.ts';
import { describeTick } from '../../shared/wording/describe-tick.ts';
import { formatSeconds } from '../../shared/wording/format-seconds.ts';
import { formatTable } from '../../shared/wording/format-table.ts';
import { aFact } from '../builders.ts';

const at = new Date('2026-03-02T09:00:00Z');
const pin = {
  owner: 'guard' as const,
  target: 'web-1' as RevisionName,
  bad: 'web-2' as RevisionName,
  before: [],
  after: [],
  effectId: 'e' as EffectId,
  at,
};

describe('a sentence about', () => {
  it.each([
    ['regression', 'api: cart fails here and passes on the stable revision: HTTP 500'],
    ['errored', 'api: cart errored: HTTP 500'],
    ['not-run', 'api: cart did not run: HTTP 500'],
  ] as const)('a check that is %s', (settlement, sentence) => {
    const check: FailureRecord = {
      suite: 'api',
      id: 'cart',
      priority: 'P1',
      quarantined: false,
      settlement,
      detail: 'HTTP 500',
      shard: 0,
    };
    expect(describeCheck(check)).toBe(sentence);
  });

  test('an effect names its kind', () => {
    expect(describeEffect('rollback')).toBe('rollback  traffic goes back to the last verified-good revision');
  });

  test('a pin says who ends it', () => {
    const since = 'since 2026-03-02T09:00:00.000Z';
    expect(describePin(pin)).toBe(`on web-1 ${since} in place of web-2: until the next good deploy`);
    expect(describePin({ ...pin, owner: 'human' })).toBe(
      `on web-1 ${since}, set manually: until it is unpinned`,
    );
  });

  test('a service lists only what is out of the ordinary', () => {
    expect(describeStanding({}, { freeze: undefined, pause: undefined })).toEqual([]);
    const freeze = { reason: 'incident 42', actor: 'ann', at };
    expect(describeStanding({}, { freeze, pause: undefined })).toEqual([
      'frozen    by ann since 2026-03-02T09:00:00.000Z: incident 42',
    ]);
    const window = { text: 'the freeze window "0 17 * * FRI" is open until Monday' };
    expect(describeStanding({}, { window })).toEqual([`window    ${window.text}`]);
    expect(describeStanding({}, { window: { ...window, waiting: 'web-2' } })).toEqual([
      `window    ${window.text}; web-2 waits`,
    ]);
  });

  test('a probe names both revisions, and whether it counts', () => {
    const candidate = { kind: 'bad', fault: 'server-error', detail: 'HTTP 503, expected 200', latencyMs: 3 };
    const stable = { kind: 'good', latencyMs: 21 };
    const fact = aFact(1, { counts: false });
    const probe = { ...fact, runId: 'r', stage: 'health', candidate, stable } as unknown;
    expect(describeTick(probe as Parameters<typeof describeTick>[0])).toBe(
      '#2  HTTP 503, expected 200 | stable: good in 21 ms  (not counted: traffic is still propagating)',
    );
  });

  it('tells what came of checks that were run again', () => {
    const checks = {
      revision: 'web-1' as RevisionName,
      passed: 1,
      failed: [{ suite: 'api', id: 'a' }],
      unseen: [],
    };
    const probe = { ...aFact(1, { candidate: { kind: 'good', status: 200, latencyMs: 21 } }), checks };
    expect(describeTick({ ...probe, stage: 'reverify' } as Parameters<typeof describeTick>[0])).toBe(
      '#2  good in 21 ms | checks: 1 passed, 1 failed',
    );
  });

  it.each([
    [0, '0 s'],
    [450, '0.4 s'],
    [20_000, '20 s'],
    [150_000, '2 min 30 s'],
    [600_000, '10 min'],
    [9_990, '9.9 s'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms', (ms, text) => {
    expect(formatSeconds(ms)).toBe(text);
  });
});

test.each([
  [0, '0 checks'],
  [1, '1 check'],
  [2, '2 checks'],
])('%d is counted', (count, text) => {
  expect(countOf(count, 'check')).toBe(text);
});

test('a table is as wide as its widest cells, and has no trailing spaces', () => {
  expect(formatTable(['A', 'B'], [['long', '']])).toBe('A     B\nlong\n');
});
