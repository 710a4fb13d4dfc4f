import { z } from 'zod';
import type { LogEntry } from '../../domain/diagnosis/log-entry.ts';
import { Timestamp } from './wire.ts';

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
  timestamp: Timestamp.pipe(z.date()),
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

/**
 * A google.logging.v2.LogEntry of a revision. Undefined: it is of another log, or has no text.
 * @throws {z.ZodError} the answer is not what the API promises
 */
export function parseLogEntry(answer: unknown): LogEntry | undefined {
  const entry = GoogleEntry.parse(answer);
  const { insertId, logName, timestamp: at, severity } = entry;
  const source = sources[decodeURIComponent(logName.split('/logs/')[1] ?? '')];
  const text = textOf(entry);
  if (source === undefined || text === '') return undefined;
  return { insertId, at, severity: String(severity ?? 'DEFAULT'), source, text };
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
