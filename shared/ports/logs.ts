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

/** Cloud Logging. Entries come late, by seconds and sometimes minutes, and a sink may exclude or sample them. */
export interface Logs {
  /**
   * What one revision answered in a window, newest first, at most 2,000 requests, in one call.
   * @throws {TransientError} Cloud Logging did not answer, or the read quota (60 a minute and project) is used up
   * @throws {PermanentError} it does not let us look
   */
  listRequests(query: RequestQuery): Promise<LoggedRequests>;
}
