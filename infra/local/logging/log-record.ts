import { timestampOf } from '../timestamp.ts';
import type { Severity } from './severity.ts';
import { type Json, toStruct } from './struct.ts';

export interface LoggedHttpRequest {
  readonly requestMethod: string;
  readonly requestUrl: string;
  readonly status: number;
  readonly userAgent: string;
  /** In milliseconds. */
  readonly latency?: number | undefined;
}

/** What is yet to be taken in. */
export interface NewLogRecord {
  /** `projects/{p}/logs/{log id, percent-encoded}` */
  readonly logName: string;
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly timestamp: Date;
  readonly severity: Severity;
  /** Absent: Cloud Logging makes one up. */
  readonly insertId?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** `projects/{p}/traces/{id}` */
  readonly trace?: string | undefined;
  readonly httpRequest?: LoggedHttpRequest | undefined;
  readonly textPayload?: string | undefined;
  readonly jsonPayload?: Readonly<Record<string, Json>> | undefined;
}

/** One entry of Cloud Logging; its fields have the names by which filters know them. */
export interface LogRecord extends NewLogRecord {
  readonly insertId: string;
  readonly receiveTimestamp: Date;
}

/** @param logId such as `run.googleapis.com/requests` */
export function logNameOf(project: string, logId: string): string {
  return `projects/${project}/logs/${encodeURIComponent(logId)}`;
}

/** Undefined: not the name of a log of a project. */
export function parseLogName(logName: string): { project: string; logId: string } | undefined {
  const { project, log } =
    /^projects\/(?<project>[^/]+)\/logs\/(?<log>[\w.%-]+)$/.exec(logName)?.groups ?? {};
  if (project === undefined || log === undefined) return undefined;
  return { project, logId: log.replaceAll(/%2f/gi, '/') };
}

/** As google.logging.v2.LogEntry. */
export function recordToProto({ httpRequest, jsonPayload, ...record }: LogRecord): object {
  return {
    ...record,
    timestamp: timestampOf(record.timestamp),
    receiveTimestamp: timestampOf(record.receiveTimestamp),
    ...(httpRequest === undefined ? {} : { httpRequest: requestToProto(httpRequest) }),
    ...(jsonPayload === undefined ? {} : { jsonPayload: toStruct(jsonPayload) }),
  };
}

function requestToProto({ latency, ...request }: LoggedHttpRequest): object {
  if (latency === undefined) return request;
  const seconds = Math.floor(latency / 1000);
  return { ...request, latency: { seconds, nanos: Math.round((latency - seconds * 1000) * 1e6) } };
}
