/** `platform`: written by Cloud Run itself, not by the container. */
export type LogStream = 'stdout' | 'stderr' | 'platform';

export interface LogEntry {
  readonly time: Date;
  readonly stream: LogStream;
  readonly text: string;
}

const maxEntries = 2_000;

/** The newest lines of one revision; older ones are forgotten. */
export class LogBuffer {
  readonly #entries: LogEntry[] = [];

  add(stream: LogStream, text: string): void {
    this.#entries.push({ time: new Date(), stream, text });
    if (this.#entries.length > maxEntries) this.#entries.shift();
  }

  /** Oldest first. */
  entries(): readonly LogEntry[] {
    return [...this.#entries];
  }
}
