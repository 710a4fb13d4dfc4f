import { describe, expect, it } from '@jest/globals';
import type { LoggedRequest } from '../../../shared/domain/health/request-log.ts';
import { countWindow } from '../../../shared/domain/health/request-window.ts';

const window = { from: new Date('2026-03-02T09:00:00Z'), to: new Date('2026-03-02T09:01:00Z') };

function requests(count: number, changes: Partial<LoggedRequest> = {}): LoggedRequest[] {
  return Array.from({ length: count }, (_, n) => ({
    at: window.from,
    status: 200,
    latencyMs: n + 1,
    userAgent: 'curl/8',
    ...changes,
  }));
}

const probes = (count: number) => requests(count, { userAgent: 'deploy-loop' });

describe('countWindow', () => {
  it('counts users, their 5xx and their 95th percentile, and none of our own probes', () => {
    const logged = [...requests(99), ...requests(1, { status: 503, latencyMs: 4000 }), ...probes(6)];
    expect(countWindow(window, { requests: logged, complete: true }, 6)).toEqual({
      kind: 'counted',
      ...window,
      requests: 100,
      serverErrors: 1,
      p95Ms: 95,
    });
  });

  it('counts 4xx as answers', () => {
    const logged = { requests: requests(10, { status: 404 }), complete: true };
    expect(countWindow(window, logged, 0)).toMatchObject({ requests: 10, serverErrors: 0 });
  });

  it.each([
    ['none of our probes', [...requests(50)], 6],
    ['fewer than half of our probes', [...requests(50), ...probes(2)], 6],
    ['nothing at all', [], 1],
    ['errors only, since good answers are excluded', requests(20, { status: 500 }), 6],
  ])('does not believe a log that shows %s', (_what, logged, made) => {
    expect(countWindow(window, { requests: logged, complete: true }, made)).toMatchObject({
      kind: 'unreadable',
      cause: 'lag',
    });
  });

  it('believes the newest of more requests than were read, whatever became of our probes', () => {
    expect(countWindow(window, { requests: requests(2000), complete: false }, 6)).toMatchObject({
      kind: 'counted',
      requests: 2000,
    });
  });

  it('has no percentile where the log has no latencies', () => {
    const logged = { requests: requests(5, { latencyMs: undefined }), complete: true };
    expect(countWindow(window, logged, 0)).toMatchObject({ kind: 'counted', p95Ms: undefined });
  });
});
