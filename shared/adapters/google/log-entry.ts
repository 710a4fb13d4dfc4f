import { z } from 'zod';
import type { LogEntry } from '../../domain/log-evidence/log-entry.ts';
import { Int64, Labels } from './wire.ts';

/** The logs of a revision, and who writes them. */
const sources: Readonly<Record<string, LogEntry['source']>> = {
  'run.googleapis.com/varlog/system': 'platform',
  'run.googleapis.com/stdout': 'output',
  'run.googleapis.com/stderr': 'output',
  'run.googleapis.com/requests': 'request',
};

const Value: z.ZodType<unknown> = z
  .looseObject({
    stringValue: z.string().optional(),
    numberValue: z.number().optional(),
    boolValue: z.boolean().optional(),
    structValue: z.lazy(() => Struct).nullish(),
    listValue: z.looseObject({ values: z.array(z.lazy(() => Value)).nullish() }).nullish(),
  })
  .transform(
    ({ stringValue, numberValue, boolValue, structValue, listValue }) =>
      structValue ?? listValue?.values ?? stringValue ?? numberValue ?? boolValue ?? null,
  );
const Struct = z
  .looseObject({ fields: z.record(z.string(), Value).nullish() })
  .transform(({ fields }): Readonly<Record<string, unknown>> => fields ?? {});

const GoogleEntry = z.looseObject({
  insertId: z.string(),
  logName: z.string(),
  timestamp: z.looseObject({ seconds: Int64, nanos: z.number().nullish() }),
  labels: Labels,
  severity: z.union([z.string(), z.number()]).nullish(),
  textPayload: z.string().nullish(),
  jsonPayload: Struct.nullish(),
  httpRequest: z
    .looseObject({
      status: z.number().nullish(),
      requestMethod: z.string().nullish(),
      requestUrl: z.string().nullish(),
    })
    .nullish(),
});

/** An entry with its place: lines of one process are often less than a millisecond apart. */
interface PlacedEntry {
  readonly entry: LogEntry;
  /** By time, and at the same time by name. */
  readonly place: string;
}

/**
 * A google.logging.v2.LogEntry of a revision. Undefined: it is of another log, or has no text.
 * @throws {z.ZodError} the answer is not what the API promises
 */
export function parseLogEntry(answer: unknown): PlacedEntry | undefined {
  const parsed = GoogleEntry.parse(answer);
  const { insertId, logName, timestamp, severity, labels } = parsed;
  const log = decodeURIComponent(logName.split('/logs/')[1] ?? '');
  const source = sources[log];
  const text = textOf(parsed);
  if (source === undefined || text === '') return undefined;
  const nanos = timestamp.nanos ?? 0;
  const at = new Date(Number(timestamp.seconds) * 1000 + Math.floor(nanos / 1e6));
  const stream = `${log} ${labels.instanceId ?? ''}`.trim();
  return {
    entry: { insertId, at, severity: String(severity ?? 'DEFAULT'), source, stream, text },
    place: `${timestamp.seconds.toString().padStart(12, '0')}.${String(nanos).padStart(9, '0')} ${insertId}`,
  };
}

/** The oldest first. */
export function inOrder(entries: readonly PlacedEntry[]): readonly LogEntry[] {
  const sorted = entries.toSorted((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0));
  return sorted.map(({ entry }) => entry);
}

type Payload = Pick<z.infer<typeof GoogleEntry>, 'textPayload' | 'jsonPayload' | 'httpRequest'>;

function textOf({ textPayload, jsonPayload, httpRequest }: Payload): string {
  if (httpRequest?.status) {
    const { status, requestMethod, requestUrl } = httpRequest;
    const asked = `${requestMethod ?? ''} ${pathOf(requestUrl ?? '')}`.trim();
    return `${asked}: status ${status}${textPayload ? `: ${textPayload}` : ''}`;
  }
  return (
    textPayload || (jsonPayload && Object.keys(jsonPayload).length > 0 ? JSON.stringify(jsonPayload) : '')
  );
}

/** A query may hold what should not be stored. */
function pathOf(url: string): string {
  return URL.parse(url)?.pathname ?? '';
}
