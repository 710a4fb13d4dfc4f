import { describe, expect, it, test } from '@jest/globals';
import { statusOf } from '../../../shared/domain/audits/audit.ts';
import {
  judgeStability,
  type StabilityBaseline,
  type StabilityPolicy,
  stabilityMeasures,
} from '../../../shared/domain/audits/judge-stability.ts';
import type { StabilityMeasures } from '../../../shared/domain/audits/measure-stability.ts';
import { name } from '../entities.ts';

const policy: StabilityPolicy = {
  gate: false,
  minimum: 0.9,
  measures: stabilityMeasures,
  minimumRequests: 20,
};
const hourMs = 3_600_000;

/** Steady for an hour. */
function measured(changes: Partial<StabilityMeasures> = {}): StabilityMeasures {
  return {
    requests: { count: 1000, bad: 0, p95Ms: 100 },
    probes: { count: 60, bad: 0, p95Ms: 20 },
    incidents: { spanMs: hourMs, restarts: { count: 0 }, memoryKills: 0, errors: { count: 0 } },
    ...changes,
  };
}
const incidents = (changes: Partial<StabilityMeasures['incidents']>) => ({
  incidents: { spanMs: hourMs, restarts: { count: 0 }, memoryKills: 0, errors: { count: 0 }, ...changes },
});
const before: StabilityBaseline = { ...measured(), revision: name('web-1') };

function rowOf(audit: ReturnType<typeof judgeStability>, what: string) {
  return audit.rows.find((row) => row.what.startsWith(what));
}

describe('stability', () => {
  it('passes where nothing is worse than before', () => {
    const audit = judgeStability(measured(), before, policy);
    expect(audit).toMatchObject({ status: 'pass', score: 1, baseline: 'web-1' });
    expect(audit.rows.map(({ what, state }) => [what, state])).toEqual([
      ['availability, users', 'good'],
      ['p95, users', 'good'],
      ['restarts', 'good'],
      ['errors in the log', 'good'],
      ['memory', 'told'],
    ]);
  });

  // The limit is baseline × factor + slack; above it a row has limit ÷ value.
  test.each<[string, Partial<StabilityMeasures>, string, 'good' | 'bad', number]>([
    ['0.5 % bad answers more', { requests: { count: 1000, bad: 5, p95Ms: 100 } }, 'availability', 'good', 1],
    ['1 % bad answers', { requests: { count: 1000, bad: 10, p95Ms: 100 } }, 'availability', 'bad', 0.5],
    ['p95 at 1.25 times and 50 ms', { requests: { count: 1000, bad: 0, p95Ms: 175 } }, 'p95', 'good', 1],
    ['p95 at twice that', { requests: { count: 1000, bad: 0, p95Ms: 350 } }, 'p95', 'bad', 0.5],
    ['one restart where there was none', incidents({ restarts: { count: 1 } }), 'restarts', 'bad', 0],
    ['an error in 100 requests', incidents({ errors: { count: 10 } }), 'errors', 'good', 1],
    ['an error in 25 requests', incidents({ errors: { count: 40 } }), 'errors', 'bad', 0.25],
  ])('of a value: %s', (_what, changes, row, state, score) => {
    const audit = judgeStability(measured(changes), before, policy);
    expect(rowOf(audit, row)).toMatchObject({ state });
    expect(rowOf(audit, row)?.score).toBeCloseTo(score, 10);
    expect(audit.score).toBeCloseTo((3 + score) / 4, 10);
  });

  it('is the mean of its rows, and fails below the minimum', () => {
    const bad = measured(incidents({ restarts: { count: 3 } }));
    expect(judgeStability(bad, before, policy)).toMatchObject({ status: 'fail', score: 0.75 });
    expect(judgeStability(bad, before, { ...policy, minimum: 0.7 })).toMatchObject({ status: 'pass' });
  });

  it('compares rates: as many restarts in half the time are twice as many', () => {
    const then = { ...before, ...incidents({ restarts: { count: 1 } }) };
    const half = measured(incidents({ spanMs: hourMs / 2, restarts: { count: 1 } }));
    expect(rowOf(judgeStability(half, then, policy), 'restarts')).toMatchObject({ state: 'bad', score: 0.5 });
  });

  it('judges the probes where there are too few users, of both runs alike', () => {
    const few = measured({ requests: { count: 19, bad: 19 } });
    const audit = judgeStability(few, before, policy);
    expect(audit).toMatchObject({ status: 'pass' });
    expect(rowOf(audit, 'availability')).toMatchObject({
      what: 'availability, probes',
      baseline: '100.00 %',
    });
    expect(rowOf(audit, 'errors')).toMatchObject({ value: '0.0 per minute' });
  });

  // Never a pass, whatever else is good.
  test.each<[string, StabilityMeasures | undefined, StabilityBaseline | undefined, string]>([
    ['it was never watched', undefined, before, 'watch'],
    ['the request log could not be read', { ...measured(), requests: undefined }, before, 'availability'],
    [
      'nobody asked it anything',
      measured({ requests: { count: 0, bad: 0 }, probes: { count: 0, bad: 0 } }),
      before,
      'availability',
    ],
    [
      'there are two probes',
      measured({ requests: { count: 0, bad: 0 }, probes: { count: 2, bad: 0, p95Ms: 1 } }),
      before,
      'availability',
    ],
    ['no answer has a latency', measured({ requests: { count: 50, bad: 0 } }), before, 'p95'],
    ['no baseline has a latency', measured(), undefined, 'p95'],
    ['the logs are not known', { ...measured(), incidents: undefined }, before, 'restarts'],
    ['the log has no line of the platform', measured(incidents({ restarts: undefined })), before, 'restarts'],
    ['the span is empty', measured(incidents({ spanMs: 0 })), before, 'restarts'],
    ['its lines have no severity', measured(incidents({ errors: undefined })), before, 'errors'],
    [
      'more was logged than read',
      measured(incidents({ errors: { count: 0, atLeast: true } })),
      before,
      'errors',
    ],
    [
      'it has errors, and no baseline says how many are usual',
      measured(incidents({ errors: { count: 1 } })),
      { revision: name('web-1'), requests: { count: 100, bad: 0, p95Ms: 100 } },
      'errors',
    ],
  ])('is unknown where %s', (_what, measures, baseline, row) => {
    const audit = judgeStability(measures, baseline, policy);
    expect(audit.status).toBe('unknown');
    expect(rowOf(audit, row)).toMatchObject({ state: 'unknown', note: expect.any(String) });
    expect(rowOf(audit, row)).not.toHaveProperty('score');
  });

  it('fails by a lower bound that is too much already', () => {
    const many = measured(incidents({ errors: { count: 1000, atLeast: true } }));
    expect(rowOf(judgeStability(many, before, policy), 'errors')).toMatchObject({
      state: 'bad',
      value: 'at least 1.000 per request',
    });
  });

  it('needs no baseline for a value that cannot be better', () => {
    const audit = judgeStability(measured(), undefined, {
      ...policy,
      measures: ['availability', 'restarts'],
    });
    expect(audit).toMatchObject({ status: 'pass', score: 1 });
  });

  it('never takes memory for good: it is used up, or not known', () => {
    const full = judgeStability(measured(incidents({ memoryKills: 2 })), before, policy);
    expect(rowOf(full, 'memory')).toMatchObject({ state: 'bad', value: 'used up 2 times', score: 0 });
    expect(full.status).toBe('fail');
    expect(rowOf(judgeStability(measured(), before, policy), 'memory')).not.toHaveProperty('score');
  });
});

test('an audit of nothing is no pass', () => {
  expect(statusOf([], false)).toBe('unknown');
  expect(statusOf([{ what: 'a', state: 'told' }], false)).toBe('unknown');
});
