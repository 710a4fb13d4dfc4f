import { percentile95 } from '../percentile95.ts';
import { countOf } from '../render/count-of.ts';
import type { LoggedRequests } from './request-log.ts';

/** Why the request log of a window cannot be used. */
export const unreadableCauses = ['not-allowed', 'unavailable', 'lag'] as const;

/** The user requests to one revision in one window, from the revision's own request log. */
export type RequestWindow =
  | {
      readonly kind: 'counted';
      readonly from: Date;
      readonly to: Date;
      /** Without the guard's own probes. */
      readonly requests: number;
      /** Answers of 500 and above. */
      readonly serverErrors: number;
      /** Absent: no entry has a latency. */
      readonly p95Ms?: number | undefined;
    }
  | {
      readonly kind: 'unreadable';
      readonly from: Date;
      readonly to: Date;
      readonly cause: (typeof unreadableCauses)[number];
      readonly detail: string;
    };

/** The user agent of the guard's probes: they are not users, and their entries prove that the log is up to date. */
export const probeUserAgent = 'deploy-loop';

/**
 * Counts a window. The guard's own probes are in the log too: if it made some and the log shows fewer than half of
 * them, entries are late, sampled or excluded, and the others prove nothing.
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
    const detail = `the request log shows ${seen} of the guard's own ${countOf(probes, 'probe')}: entries are late, sampled or excluded`;
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
