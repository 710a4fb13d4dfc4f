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
  readonly #waiting = new Set<(entry: LogEntry) => void>();
  readonly #onLine: ((entry: LogEntry) => void) | undefined;

  /** @param onLine told of every line */
  constructor(onLine?: (entry: LogEntry) => void) {
    this.#onLine = onLine;
  }

  add(stream: LogStream, text: string): void {
    const entry = { time: new Date(), stream, text };
    this.#entries.push(entry);
    if (this.#entries.length > maxEntries) this.#entries.shift();
    for (const tell of this.#waiting) tell(entry);
    this.#onLine?.(entry);
  }

  /** Oldest first. */
  entries(): readonly LogEntry[] {
    return [...this.#entries];
  }

  /** The first line that matches, as soon as there is one. */
  find(pattern: RegExp): Promise<LogEntry> {
    const known = this.#entries.find(({ text }) => pattern.test(text));
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => {
      const tell = (entry: LogEntry) => {
        if (!pattern.test(entry.text)) return;
        this.#waiting.delete(tell);
        resolve(entry);
      };
      this.#waiting.add(tell);
    });
  }
}
