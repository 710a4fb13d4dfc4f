import { percentile95 } from '../percentile95.ts';
import type { LoggedRequests } from './request-log.ts';

/** Why the request log of a window says nothing. */
export const unreadableCauses = ['not-allowed', 'unavailable', 'lag'] as const;

/** What users got from one revision in one window, by the revision's own request log. */
export type RequestWindow =
  | {
      readonly kind: 'counted';
      readonly from: Date;
      readonly to: Date;
      /** Without the guard's own probes. */
      readonly requests: number;
      /** Answers of 500 and above. */
      readonly serverErrors: number;
      /** Absent: no request has a latency. */
      readonly p95Ms?: number | undefined;
    }
  | {
      readonly kind: 'unreadable';
      readonly from: Date;
      readonly to: Date;
      readonly cause: (typeof unreadableCauses)[number];
      readonly detail: string;
    };

/** The guard's probes carry this user agent: they are no users, and they prove that the log is not behind. */
export const probeUserAgent = 'deploy-loop';

/**
 * Counts a window. The guard's own probes are in the log too: where it made some and the log shows fewer than half of
 * them, entries are late, sampled or excluded, and what is left proves nothing.
 *
 * @param probes how many probes the revision answered in the window
 */
export function countWindow(
  window: { readonly from: Date; readonly to: Date },
  logged: LoggedRequests,
  probes: number,
): RequestWindow {
  const { from, to } = window;
  const users = logged.requests.filter((request) => request.userAgent !== probeUserAgent);
  const seen = logged.requests.length - users.length;
  if (logged.complete && seen * 2 < probes) {
    const detail = `the request log shows ${seen} of the guard's own ${probes} probes: entries are late, sampled or excluded`;
    return { kind: 'unreadable', from, to, cause: 'lag', detail };
  }
  return {
    kind: 'counted',
    from,
    to,
    requests: users.length,
    serverErrors: users.filter((request) => request.status >= 500).length,
    p95Ms: percentile95(users.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]))),
  };
}
