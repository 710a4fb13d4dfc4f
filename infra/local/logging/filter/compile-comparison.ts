import { invalidArgument } from '../../rpc-error.ts';
import type { LogRecord } from '../log-record.ts';
import { isSeverity, severities } from '../severity.ts';

/** `:` is "has": contains, for text; `:*` asks only whether the field is there. */
export const comparators = ['=', '!=', ':', '<', '<=', '>', '>='] as const;
export type Comparator = (typeof comparators)[number];

export interface Literal {
  readonly kind: string;
  readonly text: string;
}

const topFields: ReadonlySet<string> = new Set([
  'logName',
  'resource',
  'timestamp',
  'receiveTimestamp',
  'severity',
  'insertId',
  'labels',
  'trace',
  'httpRequest',
  'textPayload',
  'jsonPayload',
]);

/** Fields that compare by number: what a literal is worth there. Undefined: nothing that could be compared. */
const literalReaders: Readonly<Record<string, (text: string) => number | undefined>> = {
  timestamp: readTime,
  receiveTimestamp: readTime,
  severity: readSeverity,
  'httpRequest.status': readNumber,
  'httpRequest.latency': readDuration,
};

/** @throws {RpcError} INVALID_ARGUMENT: no such field, or a value that the field cannot have */
export function compileComparison(
  path: readonly string[],
  comparator: Comparator,
  literal: Literal,
): (record: LogRecord) => boolean {
  const field = path.join('.');
  if (!topFields.has(path[0] ?? '')) throw invalidArgument(`Field not found: '${field}'.`);
  if (comparator === ':' && literal.kind === 'word' && literal.text === '*')
    return (record) => valueAt(record, path) !== undefined;
  const read = literalReaders[field];
  if (read === undefined) return (record) => compareFree(valueAt(record, path), comparator, literal.text);
  const wanted = read(literal.text);
  if (wanted === undefined)
    throw invalidArgument(`filter: ${field} cannot be compared with '${literal.text}'.`);
  return (record) => {
    const value = numberOf(valueAt(record, path));
    return value !== undefined && holds(value - wanted, comparator);
  };
}

/** A field without a type of its own: by number if it holds one, else as text, in which case does not matter. */
function compareFree(value: unknown, comparator: Comparator, literal: string): boolean {
  if (typeof value === 'number') {
    const wanted = readNumber(literal);
    return wanted !== undefined && holds(value - wanted, comparator);
  }
  if (typeof value !== 'string' && typeof value !== 'boolean') return false;
  const text = String(value).toLowerCase();
  const wanted = literal.toLowerCase();
  if (comparator === ':') return text.includes(wanted);
  return holds(text < wanted ? -1 : Number(text > wanted), comparator);
}

/** @param difference negative: less than what was asked for */
function holds(difference: number, comparator: Comparator): boolean {
  switch (comparator) {
    case '=':
    case ':':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

function valueAt(record: LogRecord, path: readonly string[]): unknown {
  let value: unknown = record;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function numberOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? readSeverity(value) : undefined;
}

function readTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  return readable(Date.parse(text));
}

function readSeverity(text: string): number | undefined {
  const name = text.toUpperCase();
  return isSeverity(name) ? severities[name] : readNumber(text);
}

function readNumber(text: string): number | undefined {
  return text.trim() === '' ? undefined : readable(Number(text));
}

function readDuration(text: string): number | undefined {
  const { seconds } = /^(?<seconds>\d+(\.\d+)?)s$/.exec(text)?.groups ?? {};
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function readable(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
