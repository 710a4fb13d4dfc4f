import type { LoggedRequests } from '../domain/health/request-log.ts';
import type { RevisionName, ServiceRef } from '../domain/ids.ts';

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
}
