import { parseBody } from '../../../contracts/expectations/find-difference.ts';
import { findValues } from '../../../contracts/json-path/find-values.ts';
import type { HttpStep } from '../../../contracts/suites/http-suite.ts';
import type { Answer } from '../../../domain/health/classify-response.ts';
import { WorkLimit } from '../../../domain/work-limit.ts';

/**
 * Captures values of a step's response for later steps.
 * @returns the missing value, in words
 * @throws {TooExpensiveError} finding them takes too much work
 */
export function captureValues(
  answer: Answer,
  capture: HttpStep['capture'],
): ReadonlyMap<string, string> | string {
  const values = new Map<string, string>();
  const limit = new WorkLimit();
  for (const [name, source] of Object.entries(capture)) {
    const value =
      'header' in source
        ? answer.headers[source.header.toLowerCase()]
        : captureJson(answer, source.json, limit);
    if (value === undefined) {
      const place = 'header' in source ? `header ${source.header}` : source.json;
      return `${name} could not be captured: ${place} is missing`;
    }
    values.set(name, value);
  }
  return values;
}

function captureJson(answer: Answer, path: string, limit: WorkLimit): string | undefined {
  const parsed = parseBody(answer);
  if (parsed.kind === 'fault') return undefined;
  limit.begin(path);
  const [first] = findValues(parsed.value, path, limit);
  if (first === undefined || first === null) return undefined;
  return typeof first === 'string' ? first : JSON.stringify(first);
}
