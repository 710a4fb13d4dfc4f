import { describe, expect, it } from '@jest/globals';
import { assessSoak, type SoakPolicy, watchedMs } from '../../../shared/domain/health/assess-soak.ts';
import type { HealthFact } from '../../../shared/domain/health/health-fact.ts';
import { nextWindow } from '../../../shared/domain/health/next-window.ts';
import type { ProbeOutcome } from '../../../shared/domain/health/probe-outcome.ts';
import type { RequestWindow } from '../../../shared/domain/health/request-window.ts';

const start = Date.parse('2026-03-02T09:00:00Z');
const at = (seconds: number) => new Date(start + seconds * 1000);
const good: ProbeOutcome = { kind: 'good', status: 200, latencyMs: 20 };
const bad: ProbeOutcome = {
  kind: 'bad',
  fault: 'server-error',
  status: 503,
  latencyMs: 20,
  detail: 'HTTP 503',
};
const slow: ProbeOutcome = { ...bad, fault: 'too-slow', detail: '4000 ms' };
const blind: ProbeOutcome = { kind: 'unknown', cause: 'overload', detail: 'the guard is busy' };

const policy: SoakPolicy = {
  forMs: 120_000,
  maxGapMs: 60_000,
  health: {
    successes: 3,
    failureThreshold: 3,
    startupBudgetMs: 240_000,
    startupGraceMs: 0,
    badSharePercent: 10,
  },
  requests: {
    use: 'when-enough',
    windowMs: 60_000,
    lagMs: 30_000,
    minimum: 20,
    maxErrorPercent: 5,
    windows: 2,
  },
};
const probesOnly: SoakPolicy = { ...policy, requests: { ...policy.requests, use: 'off' } };

function fact(seconds: number, changes: Partial<HealthFact> = {}): HealthFact {
  return {
    n: seconds,
    at: at(seconds),
    readiness: 'ready',
    share: 100,
    counts: true,
    candidate: good,
    ...changes,
  };
}

/** Looks every ten seconds. */
function looks(until: number, change: (seconds: number) => Partial<HealthFact> = () => ({})): HealthFact[] {
  return Array.from({ length: until / 10 + 1 }, (_, n) => fact(n * 10, change(n * 10)));
}

function counted(n: number, requests: number, serverErrors: number, p95Ms = 50): RequestWindow {
  return { kind: 'counted', from: at(n * 60), to: at(n * 60 + 60), requests, serverErrors, p95Ms };
}

const lost = (n: number): RequestWindow => ({
  kind: 'unreadable',
  from: at(n * 60),
  to: at(n * 60 + 60),
  cause: 'lag',
  detail: 'late',
});

/** The two windows of a hold of two minutes, read at 90 and 150 s; stable is asked then, and at the look after. */
function withWindows(
  first: RequestWindow,
  second: RequestWindow,
  stable?: RequestWindow,
  probes: readonly ProbeOutcome[] = [good, good],
): HealthFact[] {
  return looks(140 + 10 * probes.length, (seconds) => {
    if (seconds === 90) return { requests: first, stableRequests: stable, stable: good };
    if (seconds === 150) return { requests: second, stableRequests: stable, stable: probes[0] };
    return { stable: probes[(seconds - 150) / 10] };
  });
}

describe('assessSoak by probes', () => {
  it.each<[string, HealthFact[], object]>([
    ['nothing was seen yet', [], { kind: 'probing' }],
    ['it is not over', looks(110), { kind: 'probing' }],
    ['it is over', looks(120), { kind: 'healthy' }],
    [
      'three bad answers in a row',
      looks(60, (s) => (s > 30 ? { candidate: bad, stable: good } : {})),
      { kind: 'failed', failure: 'server-error', comparison: { kind: 'stable-good' } },
    ],
    ['two bad answers in a row', looks(60, (s) => (s > 40 ? { candidate: bad } : {})), { kind: 'probing' }],
    [
      'bad answers here and there',
      looks(580, (s) => (s % 150 === 140 ? { candidate: bad, stable: good } : {})),
      { kind: 'healthy' },
    ],
    [
      'too large a share of bad answers, never three in a row',
      looks(590, (s) => (s % 100 === 40 ? { candidate: bad, stable: good } : {})),
      {
        kind: 'failed',
        failure: 'flapping',
        detail: '6 of 60 looks failed (10 %, limit 10 %): HTTP 503',
        comparison: { kind: 'stable-good' },
      },
    ],
    [
      'as large a share of bad answers, and nothing to compare with',
      looks(590, (s) => (s % 100 === 40 ? { candidate: bad } : {})),
      { kind: 'failed', failure: 'flapping', comparison: { kind: 'not-compared' } },
    ],
    [
      'two bad answers of few',
      looks(60, (s) => (s % 40 === 0 ? { candidate: bad, stable: good } : {})),
      { kind: 'probing' },
    ],
    [
      'bad answers here and there, and of stable just so',
      looks(580, (s) => (s % 50 === 40 ? { candidate: bad, stable: bad } : {})),
      { kind: 'healthy' },
    ],
    [
      'slowness while it gets its traffic',
      looks(130, (s) => (s < 30 && s !== 10 ? { candidate: slow, stable: good } : {})),
      { kind: 'probing' },
    ],
    [
      'the guard saw nothing at the end',
      looks(130, (s) => (s > 100 ? { candidate: blind } : {})),
      { kind: 'probing' },
    ],
    [
      'bad answers that do not count',
      looks(120, (s) => (s < 40 ? { candidate: bad, counts: false } : {})),
      { kind: 'probing' },
    ],
    [
      'the revision is gone',
      [...looks(60), fact(70, { readiness: 'gone' })],
      { kind: 'unknown', cause: 'gone' },
    ],
    [
      'a human changed traffic',
      [...looks(200), fact(210, { readiness: 'moved-away' })],
      { kind: 'unknown', cause: 'traffic-changed' },
    ],
    [
      'LATEST has moved on',
      [...looks(200), fact(210, { readiness: 'overtaken' })],
      { kind: 'unknown', cause: 'overtaken' },
    ],
    [
      'it fails on stable too',
      looks(60, (s) => (s > 30 ? { candidate: bad, stable: bad } : {})),
      { kind: 'failed', comparison: { kind: 'stable-bad' } },
    ],
  ])('%s', (_what, facts, expected) => {
    expect(assessSoak(facts, probesOnly)).toMatchObject(expected);
  });

  it('counts no time in the dark: an hour between two good answers is one minute', () => {
    expect(watchedMs([fact(0), fact(3600)], 60_000)).toBe(60_000);
    expect(watchedMs([fact(0), fact(10, { candidate: blind }), fact(20)], 60_000)).toBe(0);
  });

  it('needs one good answer where nothing is to be watched', () => {
    expect(assessSoak([fact(0)], { ...probesOnly, forMs: 0 })).toEqual({ kind: 'healthy' });
  });
});

describe('assessSoak by the request log', () => {
  it.each<[string, HealthFact[], object]>([
    ['windows within the limits', withWindows(counted(0, 50, 1), counted(1, 50, 2)), { kind: 'healthy' }],
    ['a window that was not read yet', looks(140), { kind: 'probing' }],
    [
      'errors in one window of two',
      withWindows(counted(0, 50, 30), counted(1, 500, 1)),
      { kind: 'unknown', cause: 'request-errors' },
    ],
    [
      'errors in two windows in a row, stable fine',
      withWindows(counted(0, 50, 5), counted(1, 50, 5), counted(0, 90, 0)),
      { kind: 'failed', failure: 'request-errors', comparison: { kind: 'stable-good' } },
    ],
    [
      'errors in two windows in a row, stable asked only once',
      withWindows(counted(0, 50, 5), counted(1, 50, 5), counted(0, 90, 0), [good]),
      { kind: 'probing' },
    ],
    [
      'errors in two windows in a row, stable bad at the look after',
      withWindows(counted(0, 50, 5), counted(1, 50, 5), counted(0, 90, 0), [good, bad]),
      { kind: 'failed', comparison: { kind: 'stable-bad' } },
    ],
    [
      'errors in two windows in a row, stable just starting',
      withWindows(counted(0, 50, 5), counted(1, 50, 5), counted(0, 90, 0), [slow, good, good]),
      { kind: 'failed', failure: 'request-errors', comparison: { kind: 'stable-good' } },
    ],
    [
      'errors in two windows, stable too',
      withWindows(counted(0, 50, 5), counted(1, 50, 5), counted(0, 90, 20)),
      { kind: 'failed', comparison: { kind: 'stable-bad' } },
    ],
    [
      'errors in two windows, stable unknown',
      withWindows(counted(0, 50, 5), counted(1, 50, 5), counted(0, 3, 0)),
      { kind: 'failed', comparison: { kind: 'no-baseline' } },
    ],
    [
      'all errors of too few requests',
      withWindows(counted(0, 9, 9), counted(1, 9, 9)),
      { kind: 'healthy', note: expect.stringContaining('18 user requests') },
    ],
    [
      'enough requests in all, over the limit in all',
      withWindows(counted(0, 15, 9), counted(1, 15, 9)),
      { kind: 'unknown', cause: 'request-errors' },
    ],
    [
      'a window that could not be read',
      [
        ...withWindows(lost(0), counted(1, 50, 0)),
        fact(160, { requests: lost(0) }),
        fact(170, { requests: lost(0) }),
      ],
      { kind: 'unknown', cause: 'request-log' },
    ],
    [
      'a window that was read at last',
      [...withWindows(lost(0), counted(1, 50, 0)), fact(160, { requests: counted(0, 50, 0) })],
      { kind: 'healthy' },
    ],
  ])('%s', (_what, facts, expected) => {
    expect(assessSoak(facts, policy)).toMatchObject(expected);
  });

  it('is never a pass on too few requests where they are required', () => {
    const required = { ...policy, requests: { ...policy.requests, use: 'required' as const } };
    expect(assessSoak(withWindows(counted(0, 9, 0), counted(1, 9, 0)), required)).toMatchObject({
      kind: 'unknown',
      cause: 'few-requests',
    });
  });

  it('is slow where a limit is given, and not judged where none is', () => {
    const facts = withWindows(counted(0, 50, 0, 900), counted(1, 50, 0, 900), counted(0, 90, 0));
    const limited = { ...policy, requests: { ...policy.requests, maxP95Ms: 500 } };
    expect(assessSoak(facts, limited)).toMatchObject({ kind: 'failed', failure: 'request-latency' });
    expect(assessSoak(facts, policy)).toEqual({ kind: 'healthy' });
  });
});

describe('nextWindow', () => {
  it.each<[string, HealthFact[], number | undefined]>([
    ['the first one, after the lag', looks(30), 0],
    [
      'the second one once the first is counted',
      [...looks(90), fact(95, { requests: counted(0, 50, 0) })],
      1,
    ],
    ['the first again while it cannot be read', [...looks(90), fact(95, { requests: lost(0) })], 0],
    [
      'the second one after three readings in vain',
      [...looks(90), ...[91, 92, 93].map((s) => fact(s, { requests: lost(0) }))],
      1,
    ],
    [
      'none after the last',
      [...looks(150), fact(151, { requests: counted(0, 1, 0) }), fact(152, { requests: counted(1, 1, 0) })],
      undefined,
    ],
    ['none before the first answer', [], undefined],
  ])('is %s', (_what, facts, n) => {
    const window = nextWindow(facts, policy);
    expect(window?.from).toEqual(n === undefined ? undefined : at(n * 60));
    if (window) expect(window.dueAt.getTime() - window.to.getTime()).toBe(30_000);
  });
});
