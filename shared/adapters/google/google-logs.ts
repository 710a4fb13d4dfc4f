import type { LoggingServiceV2Client } from '@google-cloud/logging-api';
import { PermanentError } from '../../domain/errors.ts';
import type { LoggedRequest, LoggedRequests } from '../../domain/health/request-log.ts';
import type { LogEntries } from '../../domain/log-evidence/log-entry.ts';
import type { LogPart, Logs, RequestQuery } from '../../ports/logs.ts';
import { type GoogleOptions, googleClientOptions } from './client-options.ts';
import { readError } from './faults.ts';
import { LazyClient } from './lazy-client.ts';
import { inOrder, parseLogEntry } from './log-entry.ts';
import { readGoogle } from './read-google.ts';
import { parseRequestLogEntry } from './request-log-entry.ts';

/** The largest page that the API returns. */
const pageSize = 1_000;
/** Each page is one of a project's 60 reads per minute. */
const maxPages = 2;

const viewer =
  'roles/logging.viewer (and roles/logging.viewAccessor, if a sink keeps them in a bucket of its own)';

interface Page<T> {
  readonly items: readonly T[];
  /** Empty: this is the last page. */
  readonly nextPageToken: string;
}

const requestLog = 'log_id("run.googleapis.com/requests")';
/** By part: no severity, since what a process prints has none. */
const logsOf: Readonly<Record<LogPart, string>> = {
  platform: `(log_id("run.googleapis.com/varlog/system") OR (${requestLog} AND httpRequest.status>=500))`,
  output: '(log_id("run.googleapis.com/stderr") OR log_id("run.googleapis.com/stdout"))',
};

/** Cloud Logging by Google's own client, over gRPC. */
export class GoogleLogs implements Logs {
  readonly #client: LazyClient<LoggingServiceV2Client>;

  constructor(options: GoogleOptions = {}) {
    this.#client = new LazyClient(async () => {
      const { LoggingServiceV2Client } = await import('@google-cloud/logging-api');
      return new LoggingServiceV2Client(await googleClientOptions(options));
    });
  }

  async listRequests(query: RequestQuery): Promise<LoggedRequests> {
    const requests: LoggedRequest[] = [];
    let pageToken = '';
    for (let page = 0; page < maxPages; page++) {
      const next = await this.#page(query, requestLog, parseRequestLogEntry, pageToken);
      requests.push(...next.items);
      pageToken = next.nextPageToken;
      if (pageToken === '') return { requests, complete: true };
    }
    return { requests, complete: false };
  }

  async listEntries(query: RequestQuery, part: LogPart): Promise<LogEntries> {
    const { items, nextPageToken } = await this.#page(query, logsOf[part], parseLogEntry, '');
    return { entries: inOrder(items), complete: nextPageToken === '' };
  }

  /** Releases the sockets. The next call opens them again. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  /** One page of one log, newest first. */
  async #page<T>(
    query: RequestQuery,
    logs: string,
    parse: (entry: unknown) => T | undefined,
    pageToken: string,
  ): Promise<Page<T>> {
    const resourceNames = [`projects/${query.ref.project}`];
    const request = {
      resourceNames,
      filter: filterOf(query, logs),
      orderBy: 'timestamp desc',
      pageSize,
      pageToken,
    };
    const result = await readGoogle(async (options) => {
      const client = await this.#client.get();
      return await client.listLogEntries(request, { ...options, autoPaginate: false });
    });
    const call = `ListLogEntries of ${query.revision}`;
    if (!result.ok) throw readError(call, result.fault, viewer);
    const [entries, , response] = result.value;
    try {
      const items = entries.map(parse).filter((one) => one !== undefined);
      // Even an empty page can have a next one: the search ran out of time, not out of entries.
      return { items, nextPageToken: response.nextPageToken ?? '' };
    } catch (error) {
      throw new PermanentError(`${call}: the response could not be read`, { cause: error });
    }
  }
}

function filterOf({ ref, revision, from, to }: RequestQuery, logs: string): string {
  return [
    'resource.type="cloud_run_revision"',
    logs,
    `resource.labels.location=${quoted(ref.region)}`,
    `resource.labels.service_name=${quoted(ref.service)}`,
    `resource.labels.revision_name=${quoted(revision)}`,
    `timestamp>=${quoted(from.toISOString())}`,
    `timestamp<${quoted(to.toISOString())}`,
  ].join(' AND ');
}

/** A string of the filter language, which escapes as JSON does. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
