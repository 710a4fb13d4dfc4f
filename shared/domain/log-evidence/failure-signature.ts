import { fileOfTest } from '../checks/file-of-test.ts';
import { frameIn } from '../diagnosis/own-frame.ts';

/** A failed check, as far as its cause shows in it. */
export interface Failure {
  readonly id: string;
  readonly detail?: string | undefined;
  /** The failure that all checks share when a deployment is down. */
  readonly signature?: string | undefined;
}

const maxMessage = 500;
const maxFrames = 60;

/** What differs between two failures of one cause, and what stands in its place. */
const variable: readonly (readonly [RegExp, string])[] = [
  [/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+/, 'REQUEST'],
  [/\b(\w+:\/\/[^\s/:?#'"]+)[^\s'"]*/g, '$1/'],
  [/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:Z\b|[+-]\d\d:?\d\d)?/g, 'TIME'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, 'ID'],
  [/\b0x[0-9a-f]+\b/gi, 'ID'],
  [/\b(?=[a-z]*\d)[0-9a-f]{8,}\b/gi, 'ID'],
  [/\b(?=\w{0,40}\d)\w{16,}\b/g, 'ID'],
];
/** The status of an answer tells causes apart, other numbers do not. */
const numbers =
  /(\b(?:status(?: code)?|HTTP(?:Error|\/[\d.]+)?|code|assert|==|expected|received)[:=]?\s{0,3})?(\d+(?:[.,]\d+)*)/gi;
const status = /^[1-5]\d\d$/;

/** A message without what differs between two failures of one cause: numbers, ids, times, addresses, paths of URLs. */
export function normalizeMessage(message: string): string {
  const plain = variable.reduce(
    (text, [pattern, name]) => text.replace(pattern, name),
    message.slice(0, maxMessage),
  );
  return plain.replace(numbers, (found, label: string | undefined, number: string) =>
    label !== undefined && status.test(number) ? found : `${label ?? ''}N`,
  );
}

/** The same for failures of one cause: their error, its message, and the deepest place in own code that is no test's. */
export function failureSignature({ id, detail, signature = '' }: Failure): string {
  if (detail === undefined) return signature;
  const [message = '', ...rest] = detail.split('\n', maxFrames);
  const test = fileOfTest(id);
  const frames = rest
    .flatMap((line) => frameIn(line.trim()) ?? [])
    .filter((frame) => !frame.startsWith(test));
  // Python puts the deepest frame last, others first.
  const top = /\.py\b/.test(frames[0] ?? '') ? frames.at(-1) : frames[0];
  return [signature, normalizeMessage(message), top ?? ''].join('\n');
}
