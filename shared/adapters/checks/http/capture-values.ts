import { query } from 'jsonpath-rfc9535';
import { parseBody } from '../../../contracts/expectations/find-difference.ts';
import type { HttpStep } from '../../../contracts/suites/http-suite.ts';
import type { Answer } from '../../../domain/health/classify-response.ts';

/** Captures values of a step's response for later steps. @returns the missing value, in words */
export function captureValues(
  answer: Answer,
  capture: HttpStep['capture'],
): ReadonlyMap<string, string> | string {
  const values = new Map<string, string>();
  for (const [name, source] of Object.entries(capture)) {
    const value =
      'header' in source ? answer.headers[source.header.toLowerCase()] : captureJson(answer, source.json);
    if (value === undefined) {
      const place = 'header' in source ? `header ${source.header}` : source.json;
      return `${name} could not be captured: ${place} is missing`;
    }
    values.set(name, value);
  }
  return values;
}

function captureJson(answer: Answer, path: string): string | undefined {
  const parsed = parseBody(answer);
  if (parsed.kind === 'fault') return undefined;
  const [first] = query(parsed.value as Parameters<typeof query>[0], path);
  if (first === undefined || first === null) return undefined;
  return typeof first === 'string' ? first : JSON.stringify(first);
}
