import { describe, expect, it, test } from '@jest/globals';
import { countIncidents } from '../../../shared/domain/audits/count-incidents.ts';
import { measureAnswers, measureStable } from '../../../shared/domain/audits/measure-stability.ts';
import type { HealthFact } from '../../../shared/domain/health/health-fact.ts';
import type { RequestWindow } from '../../../shared/domain/health/request-window.ts';
import type { LogEntries, LogEntry } from '../../../shared/domain/log-evidence/log-entry.ts';
import { aFact } from '../../builders.ts';

const start = Date.parse('2026-03-02T09:00:00Z');
const at = (seconds: number) => new Date(start + seconds * 1000);
const good = (latencyMs = 20): HealthFact['candidate'] => ({ kind: 'good', status: 200, latencyMs });
const bad: HealthFact['candidate'] = {
  kind: 'bad',
  fault: 'server-error',
  status: 503,
  latencyMs: 40,
  detail: 'HTTP 503',
};

function window(n: number, requests: number, serverErrors: number, p95Ms?: number): RequestWindow {
  return { kind: 'counted', from: at(n * 60), to: at(n * 60 + 60), requests, serverErrors, p95Ms };
}
function unreadable(n: number): RequestWindow {
  return { kind: 'unreadable', from: at(n * 60), to: at(n * 60 + 60), cause: 'lag', detail: 'late' };
}

describe('the answers of a watch', () => {
  it('are those of all windows, each with the weight of its requests', () => {
    const facts = [window(0, 30, 1, 100), window(1, 10, 2, 200), window(2, 0, 0)].map((requests, n) =>
      aFact(n, { requests }),
    );
    expect(measureAnswers(facts).requests).toEqual({ count: 40, bad: 3, p95Ms: 125 });
  });

  it('are not known if one window could not be read, unless a later reading could', () => {
    const facts = [window(0, 30, 0), unreadable(1)].map((requests, n) => aFact(n, { requests }));
    expect(measureAnswers(facts).requests).toBeUndefined();
    const again = [...facts, aFact(2, { requests: window(1, 5, 0) })];
    expect(measureAnswers(again).requests).toEqual({ count: 35, bad: 0 });
  });

  it('without any request or probe are none, and no rate of nothing', () => {
    expect(measureAnswers([])).toEqual({ requests: { count: 0, bad: 0 }, probes: { count: 0, bad: 0 } });
    expect(measureAnswers([aFact(0, { requests: window(0, 0, 0) })]).requests).toEqual({ count: 0, bad: 0 });
  });

  it('of probes are those that the revision gave itself', () => {
    const facts = [
      aFact(0, { candidate: good(10) }),
      aFact(1, { candidate: bad }),
      aFact(2, { candidate: bad, counts: false }),
      aFact(3, { candidate: { kind: 'unknown', cause: 'overload', detail: 'busy' } }),
      aFact(4),
    ];
    expect(measureAnswers(facts).probes).toEqual({ count: 2, bad: 1, p95Ms: 40 });
  });

  it('of stable are those of its own windows, by their latest reading', () => {
    const facts = [unreadable(0), window(0, 20, 2, 50)].map((stableRequests, n) =>
      aFact(n, { stableRequests }),
    );
    expect(measureStable(facts)).toEqual({
      requests: { count: 20, bad: 2, p95Ms: 50 },
    });
  });
});

const span = { from: at(0), to: at(600) };
const startLine = 'Default STARTUP TCP probe succeeded after 1 attempt for container "web" on port 8080.';

function entry(seconds: number, text: string, changes: Partial<LogEntry> = {}): LogEntry {
  return {
    insertId: `${seconds} ${text}`,
    at: at(seconds),
    severity: 'INFO',
    source: 'platform',
    text,
    ...changes,
  };
}
const log = (...entries: LogEntry[]): LogEntries => ({ entries, complete: true });
const none = log();

describe('incidents in the logs', () => {
  test.each([
    ['Container called exit(1).', 1],
    ['Uncaught signal: 6, pid=1, tid=1, fault_addr=0.', 1],
    ['Container terminated on signal 9.', 1],
    ['Memory limit of 512 MiB exceeded with 543 MiB used.', 1],
    ['LIVENESS HTTP probe failed 1 time consecutively for container web on port 8080.', 1],
    // How Cloud Run scales, which is no fault.
    ['Container called exit(0).', 0],
    ['Uncaught signal: 15, pid=1, tid=1, fault_addr=0.', 0],
    ['Container terminated on signal 15.', 0],
    ['Starting new instance. Reason: AUTOSCALING', 0],
  ])('%s makes %d restarts', (text, restarts) => {
    const found = countIncidents(span, log(entry(-30, startLine), entry(10, text)), none);
    expect(found.restarts).toEqual({ count: restarts });
  });

  it('count once for the lines of one restart, and only within the span', () => {
    const lines = [
      entry(-5, 'Container called exit(1).'),
      entry(10, 'Memory limit of 512 MiB exceeded with 543 MiB used.'),
      entry(10.5, 'Container terminated on signal 9.'),
      entry(70, 'Container called exit(1).'),
      entry(600, 'Container called exit(1).'),
    ];
    expect(countIncidents(span, log(...lines), none)).toEqual({
      spanMs: 600_000,
      restarts: { count: 2 },
      memoryKills: 1,
    });
  });

  it('believe the platform only about instances', () => {
    const forged = entry(10, 'Container called exit(1).', { source: 'output' });
    expect(countIncidents(span, log(entry(-30, startLine)), log(forged)).restarts).toEqual({ count: 0 });
  });

  it('are not known from a log without a line, nor errors from lines without a severity', () => {
    const printed = entry(10, 'Traceback', { source: 'output', severity: 'DEFAULT' });
    const found = countIncidents(span, none, log(printed));
    expect(found).toEqual({ spanMs: 600_000 });
  });

  test.each(['ERROR', 'CRITICAL', '500', '800'])('of severity %s are errors', (severity) => {
    const lines = [
      entry(1, 'fine', { source: 'output' }),
      entry(2, 'not fine', { source: 'output', severity }),
      entry(3, 'so so', { source: 'output', severity: 'WARNING' }),
    ];
    expect(countIncidents(span, none, log(...lines)).errors).toEqual({ count: 1 });
  });

  it('are a lower bound if older entries of the span were not read', () => {
    const error = entry(100, 'no', { source: 'output', severity: 'ERROR' });
    const cut = { entries: [error], complete: false };
    expect(countIncidents(span, none, cut).errors).toEqual({ count: 1, atLeast: true });
    const before = { entries: [entry(-1, 'fine', { source: 'output' }), error], complete: false };
    expect(countIncidents(span, none, before).errors).toEqual({ count: 1 });
  });
});
