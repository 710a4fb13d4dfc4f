import type { LoggedRequests } from '../domain/health/request-log.ts';
import type { RevisionName, ServiceRef } from '../domain/ids.ts';
import type { LogEntries } from '../domain/log-evidence/log-entry.ts';

/** A part of a revision's logs that is read at once. */
export type LogPart = 'platform' | 'output';

export interface RequestQuery {
  readonly ref: ServiceRef;
  readonly revision: RevisionName;
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

/** Cloud Logging. Entries arrive seconds late, sometimes minutes, and a sink may exclude or sample them. */
export interface Logs {
  /**
   * The requests to one revision in a window, newest first, at most 2,000, in one call.
   * @throws {TransientError} Cloud Logging did not respond, or the read quota (60 per minute and project) is used up
   * @throws {PermanentError} it denied the read
   */
  listRequests(query: RequestQuery): Promise<LoggedRequests>;
  /**
   * What the platform or the container wrote about one revision in a window, in one call, at most 1,000 entries;
   * `platform`: Cloud Run's own lines and the requests that were answered with 5xx.
   * @throws {TransientError} Cloud Logging did not respond, or the read quota is used up
   * @throws {PermanentError} it denied the read
   */
  listEntries(query: RequestQuery, from: LogPart): Promise<LogEntries>;
}
