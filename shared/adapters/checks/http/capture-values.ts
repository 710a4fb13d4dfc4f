import { query } from 'jsonpath-rfc9535';
import type { HttpStep } from '../../../contracts/suites/http-suite.ts';
import type { ProbeAnswer } from '../../../ports/prober.ts';
import { parseBody } from './check-answer.ts';

type Answer = Extract<ProbeAnswer, { kind: 'answer' }>;

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
