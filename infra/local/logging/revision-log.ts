import type { ServiceRef } from '../../../shared/domain/ids.ts';
import type { LogEntry, LogStream } from '../process/log-buffer.ts';
import type { ServedRequest } from '../proxy/served-request.ts';
import type { LocalLogging } from './local-logging.ts';
import { logNameOf, type NewLogRecord } from './log-record.ts';
import type { Severity } from './severity.ts';

const logIds: Readonly<Record<LogStream, string>> = {
  stdout: 'run.googleapis.com/stdout',
  stderr: 'run.googleapis.com/stderr',
  platform: 'run.googleapis.com/varlog/system',
};
const requestLogId = 'run.googleapis.com/requests';

/** What of a platform's line is only a warning; the rest says that something failed. */
const warnings = /^Container (called exit|terminated on signal)/;

/** Writes what concerns one revision to Cloud Logging, as Cloud Run does. */
export class RevisionLog {
  readonly #logging: LocalLogging;
  readonly #project: string;
  readonly #resource: NewLogRecord['resource'];

  constructor(logging: LocalLogging, { project, region, service }: ServiceRef, revision: string) {
    this.#logging = logging;
    this.#project = project;
    this.#resource = {
      type: 'cloud_run_revision',
      labels: {
        project_id: project,
        location: region,
        service_name: service,
        revision_name: revision,
        configuration_name: service,
      },
    };
  }

  line({ stream, time, text }: LogEntry): void {
    const severity = stream === 'platform' ? (warnings.test(text) ? 'WARNING' : 'ERROR') : 'DEFAULT';
    this.#write(logIds[stream], { timestamp: time, severity, textPayload: text });
  }

  request(request: ServedRequest): void {
    const { at, method, url, status, latencyMs, userAgent, traceId, platformText } = request;
    this.#write(requestLogId, {
      timestamp: at,
      severity: severityOf(status),
      trace: traceId && `projects/${this.#project}/traces/${traceId}`,
      httpRequest: { requestMethod: method, requestUrl: url, status, userAgent, latency: latencyMs },
      textPayload: platformText,
    });
  }

  #write(logId: string, entry: Omit<NewLogRecord, 'logName' | 'resource'>): void {
    this.#logging.write({
      ...entry,
      logName: logNameOf(this.#project, logId),
      resource: this.#resource,
    });
  }
}

function severityOf(status: number): Severity {
  if (status >= 500) return 'ERROR';
  return status >= 400 ? 'WARNING' : 'INFO';
}
