import type { EvidenceSource } from '../diagnosis/evidence.ts';

/** One entry of a revision's logs. */
export interface LogEntry {
  /** Cloud Logging's own name of the entry. */
  readonly insertId: string;
  readonly at: Date;
  /** Cloud Logging's name, in capitals. */
  readonly severity: string;
  /** By the log that it is in, never by its text. */
  readonly source: Extract<EvidenceSource, 'platform' | 'output' | 'request'>;
  /** The log and the instance that wrote it: of one stream, lines that follow each other belong together. */
  readonly stream?: string | undefined;
  /** The text, or the payload as JSON. */
  readonly text: string;
}

/** Entries of a window, oldest first, and at the same time by their names. */
export interface LogEntries {
  readonly entries: readonly LogEntry[];
  /** False: there are more than were read; those that were read are the newest. */
  readonly complete: boolean;
}
