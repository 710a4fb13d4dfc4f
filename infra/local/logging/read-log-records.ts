import { z } from 'zod';
import { invalidArgument } from '../rpc-error.ts';
import { type NewLogRecord, parseLogName } from './log-record.ts';
import { isSeverity, type Severity } from './severity.ts';
import { Struct } from './struct.ts';

/** What is not stored any more by its date alone is left to the caller: only the future is refused. */
const maxAheadMs = 24 * 60 * 60_000;

const Moment = z
  .object({ seconds: z.string(), nanos: z.number() })
  .transform(({ seconds, nanos }) => Number(seconds) * 1000 + nanos / 1e6);
const Resource = z.object({ type: z.string().min(1), labels: z.record(z.string(), z.string()) });
const SeverityName = z.string().transform((name): Severity => (isSeverity(name) ? name : 'DEFAULT'));

const HttpRequest = z.object({
  requestMethod: z.string(),
  requestUrl: z.string(),
  status: z.number(),
  userAgent: z.string(),
  latency: Moment.nullish().transform((ms) => ms ?? undefined),
});

const Entry = z.object({
  logName: z.string(),
  resource: Resource.nullish(),
  timestamp: Moment.nullish(),
  severity: SeverityName,
  insertId: z.string(),
  labels: z.record(z.string(), z.string()),
  trace: z.string(),
  httpRequest: HttpRequest.nullish(),
  textPayload: z.string().optional(),
  jsonPayload: Struct.nullish(),
  protoPayload: z.null({ error: 'not known here' }).optional(),
});

/** google.logging.v2.WriteLogEntriesRequest, as gRPC delivers it. */
export const WriteRequest = z.object({
  logName: z.string(),
  resource: Resource.nullish(),
  labels: z.record(z.string(), z.string()),
  entries: z.array(Entry),
  dryRun: z.boolean(),
});
export type WriteRequest = z.infer<typeof WriteRequest>;

/**
 * The entries of a write, with what the request says for all of them where they say nothing.
 * @throws {RpcError} INVALID_ARGUMENT: one of them is not acceptable, so none is
 */
export function readLogRecords(request: WriteRequest, now: Date): NewLogRecord[] {
  return request.entries.map((entry, i) => {
    const { insertId, trace, httpRequest, jsonPayload, textPayload, severity } = entry;
    const logName = entry.logName || request.logName;
    const resource = entry.resource ?? request.resource;
    const timestamp = new Date(entry.timestamp ?? now);
    if (parseLogName(logName) === undefined)
      throw invalidArgument(`entries[${i}].log_name: '${logName}' is not the name of a project's log`);
    if (!resource) throw invalidArgument(`entries[${i}].resource: none given`);
    if (timestamp.getTime() > now.getTime() + maxAheadMs)
      throw invalidArgument(`entries[${i}].timestamp: more than 24 hours in the future`);
    return {
      logName,
      resource,
      timestamp,
      severity,
      insertId: insertId || undefined,
      labels: { ...request.labels, ...entry.labels },
      trace: trace || undefined,
      httpRequest: httpRequest ?? undefined,
      textPayload,
      jsonPayload: jsonPayload ?? undefined,
    };
  });
}
