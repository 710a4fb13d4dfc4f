/** One request of a revision's own request log. */
export interface LoggedRequest {
  readonly at: Date;
  readonly status: number;
  /** Absent: the log does not say. */
  readonly latencyMs?: number | undefined;
  readonly userAgent: string;
}

/** The log entries of a window. */
export interface LoggedRequests {
  readonly requests: readonly LoggedRequest[];
  /** False: there are more entries than were read; those that were read are the newest. */
  readonly complete: boolean;
}
