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
    wrongForMs: 30_000,
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

/** The two windows of a hold of two minutes, read at 90 and 150 s; of stable, one before it. */
function withWindows(first: RequestWindow, second: RequestWindow, stable?: RequestWindow): HealthFact[] {
  return looks(160, (seconds) => {
    if (seconds === 90) return { requests: first, stableRequests: stable };
    return seconds === 150 ? { requests: second } : {};
  });
}

/** A first window over the limits, read at 90 s. From then on stable is asked, and the second window begins. */
function withBreach(
  first: RequestWindow,
  second: RequestWindow,
  stable: RequestWindow,
  probes: (seconds: number) => ProbeOutcome = () => good,
): HealthFact[] {
  return looks(180, (seconds) => {
    const asked = seconds < 90 ? {} : { stable: probes(seconds) };
    if (seconds === 90) return { ...asked, requests: first, stableRequests: stable };
    return seconds === 180 ? { ...asked, requests: second } : asked;
  });
}

/** The window from the time on when stable was first asked. */
const ongoing = (requests: number, serverErrors: number, p95Ms = 50): RequestWindow => ({
  ...counted(1.5, requests, serverErrors, p95Ms),
});
const before = counted(-1, 90, 0);

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
        detail: '6 of 60 probes failed (10 %, limit 10 %): HTTP 503',
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
      withBreach(counted(0, 50, 30), ongoing(500, 1), before),
      { kind: 'unknown', cause: 'request-errors' },
    ],
    [
      'errors in two windows in a row, stable fine',
      withBreach(counted(0, 50, 5), ongoing(50, 5), before),
      { kind: 'failed', failure: 'request-errors', comparison: { kind: 'stable-good' } },
    ],
    [
      'errors in two windows in a row, which may be over since stable is asked',
      withBreach(counted(0, 50, 5), counted(1, 50, 5), before),
      { kind: 'probing' },
    ],
    [
      'errors in two windows in a row, stable asked once in the second',
      withBreach(counted(0, 50, 5), ongoing(50, 5), before).filter(({ n }) => n <= 100 || n > 150),
      { kind: 'probing' },
    ],
    [
      'errors in two windows in a row, stable bad at a look meanwhile',
      withBreach(counted(0, 50, 5), ongoing(50, 5), before, (s) => (s === 120 ? bad : good)),
      { kind: 'failed', comparison: { kind: 'stable-bad' } },
    ],
    [
      'errors in two windows in a row, stable just starting',
      withBreach(counted(0, 50, 5), ongoing(50, 5), before, (s) => (s === 90 ? slow : good)),
      { kind: 'failed', failure: 'request-errors', comparison: { kind: 'stable-good' } },
    ],
    [
      'errors in two windows in a row, both revisions slow at first',
      withBreach(counted(0, 50, 5), ongoing(50, 5), before, (s) => (s === 90 ? slow : good)).map((look) =>
        look.n === 90 ? { ...look, candidate: slow } : look,
      ),
      { kind: 'failed', comparison: { kind: 'stable-bad' } },
    ],
    [
      'errors in two windows, stable too',
      withBreach(counted(0, 50, 5), ongoing(50, 5), counted(-1, 90, 20)),
      { kind: 'failed', comparison: { kind: 'stable-bad' } },
    ],
    [
      'errors in two windows, stable unknown',
      withBreach(counted(0, 50, 5), ongoing(50, 5), counted(-1, 3, 0)),
      { kind: 'failed', comparison: { kind: 'no-baseline' } },
    ],
    [
      'errors in two windows, of stable none in the same',
      looks(160, (seconds) => {
        if (seconds === 90)
          return { requests: counted(0, 50, 5), stableRequests: counted(0, 90, 0), stable: good };
        if (seconds === 150)
          return { requests: counted(1, 50, 5), stableRequests: counted(1, 90, 0), stable: good };
        return seconds > 90 ? { stable: good } : {};
      }),
      { kind: 'failed', comparison: { kind: 'stable-good' } },
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
        ...looks(140, (seconds) => (seconds >= 90 && seconds < 120 ? { requests: lost(0) } : {})),
        fact(150, { requests: counted(1, 50, 0) }),
      ],
      { kind: 'unknown', cause: 'request-log' },
    ],
    [
      'a window that was read at last',
      [
        fact(0),
        fact(85, { requests: lost(0) }),
        ...withWindows(counted(0, 50, 0), counted(1, 50, 0)).slice(9),
      ],
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
    const facts = withBreach(counted(0, 50, 0, 900), ongoing(50, 0, 900), before);
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
    [
      'one that begins when stable was asked for a first breach, whatever the hold',
      [...looks(90), fact(95, { requests: counted(0, 50, 30), stable: good })],
      95 / 60,
    ],
    [
      'the second one after a breach for which users of stable tell',
      [
        ...looks(90),
        fact(95, { requests: counted(0, 50, 30), stableRequests: counted(0, 50, 0), stable: good }),
      ],
      1,
    ],
  ])('is %s', (_what, facts, n) => {
    const window = nextWindow(facts, policy);
    expect(window?.from).toEqual(n === undefined ? undefined : at(n * 60));
    if (window) expect(window.dueAt.getTime() - window.to.getTime()).toBe(30_000);
  });
});
