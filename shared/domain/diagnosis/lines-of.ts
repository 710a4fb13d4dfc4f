import type { Evidence } from './evidence.ts';

/** A line of an entry, as rules read it. */
export interface Line {
  readonly text: string;
  readonly evidence: Evidence;
}

/** Beyond it nothing of a line is read but its end, where runtimes put the cause. */
const maxLength = 2_000;
const keptEnd = 500;
const maxLinesOfEntry = 400;
/** The fields in which loggers put the message. */
const messageFields = [
  'message',
  'msg',
  'error',
  'err',
  'exception',
  'stack',
  'stack_trace',
  'detail',
] as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
const ansi = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The lines of an entry: without colours and control characters, out of JSON, and of bounded length and number. */
export function linesOf(evidence: Evidence): readonly Line[] {
  const lines = textOf(evidence.text).split('\n');
  const kept =
    lines.length <= maxLinesOfEntry
      ? lines
      : [...lines.slice(0, maxLinesOfEntry / 2), ...lines.slice(-maxLinesOfEntry / 2)];
  return kept.flatMap((line) => {
    const text = shorten(line.replace(ansi, '')).trim();
    return text === '' ? [] : [{ text, evidence }];
  });
}

function shorten(line: string): string {
  if (line.length <= maxLength) return line;
  return `${line.slice(0, maxLength - keptEnd)} … ${line.slice(-keptEnd)}`;
}

/** The message of a JSON log line, where it is one; else the text itself. */
function textOf(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || trimmed.length > 100_000) return trimmed;
  try {
    const json: unknown = JSON.parse(trimmed);
    const found = messagesIn(json);
    return found.length > 0 ? found.join('\n') : trimmed;
  } catch {
    return trimmed;
  }
}

function messagesIn(json: unknown, depth = 0): readonly string[] {
  if (typeof json === 'string') return [json];
  if (typeof json !== 'object' || json === null || Array.isArray(json) || depth > 2) return [];
  const fields = json as Readonly<Record<string, unknown>>;
  return messageFields.flatMap((name) =>
    Object.hasOwn(fields, name) ? messagesIn(fields[name], depth + 1) : [],
  );
}
