import type { IncomingMessage } from 'node:http';

/** What the front end saw of one request that it handed to a revision. */
export interface ServedRequest {
  /** When it came. */
  readonly at: Date;
  /** Until the last byte of the answer, or until the client was gone. */
  readonly latencyMs: number;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly userAgent: string;
  /** 32 hex digits, if the client said which trace the request belongs to. */
  readonly traceId: string | undefined;
  /** What the platform says when the container did not answer. */
  readonly platformText: string | undefined;
}

/** The client went away before there was an answer. */
export const clientGoneStatus = 499;

/** Begins to watch a request. @returns to be called when it has ended */
export function watchRequest({
  method = '',
  url = '',
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): (
  status: number,
  platformText: string | undefined,
) => ServedRequest {
  const at = new Date();
  const startedMs = performance.now();
  const cloudTrace = String(headers['x-cloud-trace-context'] ?? '');
  const seen = {
    at,
    method,
    url: `http://${headers.host}${url}`,
    userAgent: headers['user-agent'] ?? '',
    traceId:
      /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(String(headers.traceparent ?? ''))?.[1] ??
      /^([0-9a-f]{32})(?:\/|$)/.exec(cloudTrace)?.[1],
  };
  return (status, platformText) => ({
    ...seen,
    status,
    platformText,
    latencyMs: performance.now() - startedMs,
  });
}
