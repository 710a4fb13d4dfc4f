import type { RangeMs } from '../profile.ts';
import { RingBuffer } from '../ring-buffer.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Timers } from '../timers.ts';
import { type Filter, parseFilter } from './filter/parse-filter.ts';
import { type LogRecord, type NewLogRecord, parseLogName } from './log-record.ts';

/** Of each service; of each project, for entries of anything else. */
const defaultCapacity = 20_000;

export interface LoggingOptions {
  /** From the moment an entry is written until it can be read. */
  readonly lagMs: RangeMs;
  readonly timers: Timers;
  readonly random: SeededRandom;
  readonly capacity?: number | undefined;
}

interface Waiting {
  readonly filter: Filter;
  left: number;
  readonly resolve: () => void;
}

/** A local Cloud Logging: takes entries, and shows them after a while. */
export class LocalLogging {
  readonly #options: LoggingOptions;
  readonly #buffers = new Map<string, RingBuffer<LogRecord>>();
  readonly #exclusions = new Set<Filter>();
  readonly #waiting = new Set<Waiting>();
  /** What has arrived while nothing is shown. Undefined: all is shown in its time. */
  #held: LogRecord[] | undefined;
  #written = 0;

  constructor(options: LoggingOptions) {
    this.#options = options;
  }

  write(entry: NewLogRecord): void {
    const { lagMs, random, timers } = this.#options;
    this.#written++;
    // Entries of the same moment are told apart, and ordered, by this.
    const insertId = entry.insertId ?? this.#written.toString(36).padStart(12, '0');
    const lag = random.between(lagMs);
    const takeIn = () => this.#takeIn({ ...entry, insertId, receiveTimestamp: new Date() });
    if (lag > 0) timers.after(lag, takeIn);
    else takeIn();
  }

  /** What of the projects' entries can be read by now, oldest first. */
  list(projects: readonly string[], filter: Filter): LogRecord[] {
    const found: LogRecord[] = [];
    for (const buffer of this.#buffers.values()) {
      for (const record of buffer) {
        if (projects.includes(parseLogName(record.logName)?.project ?? '') && filter(record))
          found.push(record);
      }
    }
    return found.sort(compareRecords).filter((record, i) => !isSame(record, found[i - 1]));
  }

  /**
   * Resolves as soon as `count` entries that the filter means can be read.
   * @throws {RpcError} not a filter
   */
  async readable(filter: string, count = 1): Promise<void> {
    const wanted = parseFilter(filter);
    let left = count;
    for (const buffer of this.#buffers.values()) for (const record of buffer) left -= wanted(record) ? 1 : 0;
    if (left <= 0) return;
    await new Promise<void>((resolve) => this.#waiting.add({ filter: wanted, left, resolve }));
  }

  /**
   * Drops entries from now on, as an exclusion of the sink does.
   * @param share of them that is dropped, 1 for all
   * @returns how to lift it
   * @throws {RpcError} not a filter
   */
  exclude(filter: string, share = 1): () => void {
    const meant = parseFilter(filter);
    const excludes: Filter = (record) => meant(record) && this.#options.random.fraction() < share;
    this.#exclusions.add(excludes);
    return () => this.#exclusions.delete(excludes);
  }

  /** Shows nothing that is written from now on, until the returned function is called. */
  hold(): () => void {
    this.#held ??= [];
    return () => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const record of held) this.#takeIn({ ...record, receiveTimestamp: new Date() });
    };
  }

  #takeIn(record: LogRecord): void {
    if (this.#held !== undefined) {
      this.#held.push(record);
      return;
    }
    for (const excludes of this.#exclusions) if (excludes(record)) return;
    const owner = ownerOf(record);
    const buffer = this.#buffers.get(owner) ?? new RingBuffer(this.#options.capacity ?? defaultCapacity);
    this.#buffers.set(owner, buffer);
    buffer.add(record);
    for (const waiting of this.#waiting) {
      if (!waiting.filter(record) || --waiting.left > 0) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }
}

function ownerOf({ logName, resource: { labels } }: LogRecord): string {
  const { project_id, location, service_name } = labels;
  return service_name === undefined
    ? (parseLogName(logName)?.project ?? '')
    : [project_id, location, service_name].join('/');
}

/** By time, then by insert id. */
export function compareRecords(a: Position, b: Position): number {
  const byTime = a.timestamp.getTime() - b.timestamp.getTime();
  if (byTime !== 0 || a.insertId === b.insertId) return byTime;
  return a.insertId < b.insertId ? -1 : 1;
}

/** Where an entry stands among others. */
export type Position = Pick<LogRecord, 'timestamp' | 'insertId'>;

/** Entries of the same time and insert id are one that was written again. */
function isSame(record: LogRecord, before: LogRecord | undefined): boolean {
  return before !== undefined && compareRecords(record, before) === 0;
}
