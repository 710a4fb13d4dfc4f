import { z } from 'zod';
import type { LoggedRequest } from '../../domain/health/request-log.ts';
import { Int64, Timestamp } from './wire.ts';

/** google.protobuf.Duration in milliseconds; absent when not set. */
const DurationMs = z
  .object({ seconds: Int64, nanos: z.number().nullish() })
  .nullish()
  .transform((value) => (value ? Number(value.seconds) * 1000 + (value.nanos ?? 0) / 1e6 : undefined));

const GoogleLogEntry = z.object({
  timestamp: Timestamp.pipe(z.date()),
  httpRequest: z
    .object({ status: z.number().nullish(), latency: DurationMs, userAgent: z.string().nullish() })
    .nullish(),
});

/**
 * The fields that we use of a request log's google.logging.v2.LogEntry. Undefined: it does not say how the request
 * ended.
 * @throws {z.ZodError} the answer is not what the API promises
 */
export function parseRequestLogEntry(answer: unknown): LoggedRequest | undefined {
  const { timestamp: at, httpRequest } = GoogleLogEntry.parse(answer);
  // 0 is how proto3 sends an absent number.
  if (!httpRequest?.status) return undefined;
  const { status, latency: latencyMs, userAgent } = httpRequest;
  return { at, status, latencyMs, userAgent: userAgent ?? '' };
}
