import type { LogEntries, LogEntry } from '../log-evidence/log-entry.ts';

/** A number of log entries. `atLeast`: there are more entries than were read. */
export interface Counted {
  readonly count: number;
  readonly atLeast?: boolean | undefined;
}

/** What the logs of a revision say about a span of time. */
export interface Incidents {
  readonly spanMs: number;
  /** Absent: Cloud Run's own log of the revision has no line at all, so it may be excluded or late. */
  readonly restarts?: Counted | undefined;
  /** How often an instance used more memory than it has; absent: as for restarts. */
  readonly memoryKills?: number | undefined;
  /** Entries of severity ERROR and above; absent: the container wrote nothing, or nothing with a severity. */
  readonly errors?: Counted | undefined;
}

export interface Span {
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

/** One restart writes several lines. */
const sameRestartMs = 2_000;

/** Cloud Run's own lines of an instance that ended unexpectedly; an exit with 0 and SIGTERM are how it scales in. */
const restart =
  /^Container called exit\((?!0\))|^Uncaught signal: (?!2,|15,)\d|^Container terminated on signal (?!2\.|15\.)\d|^Memory limit of .+ exceeded|^LIVENESS .+ probe failed/;
const memory = /^Memory limit of .+ exceeded|using too much memory and was terminated/;

/**
 * @param platform what Cloud Run wrote, from before the span on: lines of the start show that its log is there
 * @param output what the container wrote
 */
export function countIncidents(span: Span, platform: LogEntries, output: LogEntries): Incidents {
  const spanMs = span.to.getTime() - span.from.getTime();
  return { spanMs, ...platformIncidents(span, platform), ...loggedErrors(span, output) };
}

function platformIncidents(span: Span, log: LogEntries): Pick<Incidents, 'restarts' | 'memoryKills'> {
  if (!log.entries.some(({ source }) => source === 'platform')) return {};
  const within = log.entries.filter((entry) => isWithin(span, entry));
  const lines = within.filter(({ source, text }) => source === 'platform' && restart.test(text));
  return {
    restarts: counted(apart(lines).length, span, log),
    memoryKills: within.filter(({ source, text }) => source !== 'output' && memory.test(text)).length,
  };
}

/** What a process prints has no severity: then nobody knows which of its lines are errors. */
function loggedErrors(span: Span, log: LogEntries): Pick<Incidents, 'errors'> {
  if (!log.entries.some(({ severity }) => levelOf(severity) > 0)) return {};
  const errors = log.entries.filter((entry) => isWithin(span, entry) && levelOf(entry.severity) >= 500);
  return { errors: counted(errors.length, span, log) };
}

function counted(count: number, { from }: Span, { entries, complete }: LogEntries): Counted {
  const [oldest] = entries;
  const isWhole = complete || (oldest !== undefined && oldest.at < from);
  return { count, ...(!isWhole && { atLeast: true }) };
}

/** The lines that begin a restart. */
function apart(lines: readonly LogEntry[]): readonly LogEntry[] {
  return lines.filter((line, n) => {
    const before = lines[n - 1];
    return !before || line.at.getTime() - before.at.getTime() > sameRestartMs;
  });
}

function isWithin({ from, to }: Span, { at }: LogEntry): boolean {
  return at >= from && at < to;
}

const levels: ReadonlyMap<string, number> = new Map([
  ['DEBUG', 100],
  ['INFO', 200],
  ['NOTICE', 300],
  ['WARNING', 400],
  ['ERROR', 500],
  ['CRITICAL', 600],
  ['ALERT', 700],
  ['EMERGENCY', 800],
]);

/** Cloud Logging's number of a severity; 0: the entry has none. */
function levelOf(severity: string): number {
  return levels.get(severity) ?? (Number(severity) || 0);
}
