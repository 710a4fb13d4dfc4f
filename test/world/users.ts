import type { LoggedRequest } from '../../shared/domain/health/request-log.ts';
import type { RequestQuery } from '../../shared/ports/logs.ts';

/** Users who ask a revision evenly over a window, and get a 503 for the first of their requests. */
export function users(
  requests: number,
  errors = 0,
  latencyMs = 50,
): (query: RequestQuery) => LoggedRequest[] {
  return ({ from, to }) =>
    Array.from({ length: requests }, (_, n) => ({
      at: new Date(from.getTime() + ((to.getTime() - from.getTime()) * n) / requests),
      status: n < errors ? 503 : 200,
      latencyMs,
      userAgent: 'Mozilla/5.0',
    }));
}
