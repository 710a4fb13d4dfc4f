import type { Json } from '../../domain/json.ts';
import { excerpt } from '../../domain/render/excerpt.ts';
import { WorkLimit } from '../../domain/work-limit.ts';
import { holdsText } from '../expectations/holds-text.ts';
import { checkJsonPath } from './check-json-path.ts';
import { matchesExpression } from './regular-expression.ts';
import type { MessageExpectation } from './websocket-suite.ts';

/** Why a message is not the expected one; undefined: it is. @throws {TooExpensiveError} telling takes too much work */
export function checkMessage(
  message: string,
  { json, contains, matches }: Pick<MessageExpectation, 'json' | 'contains' | 'matches'>,
): string | undefined {
  const limit = new WorkLimit();
  if (contains !== undefined && !holdsText(message, contains, limit))
    return `${excerpt(message)} does not contain ${excerpt(contains)}`;
  if (matches !== undefined && !matchesExpression(message, matches, limit))
    return `${excerpt(message)} does not match ${excerpt(matches)}`;
  return json.length === 0 ? undefined : checkJson(message, json, limit);
}

function checkJson(
  message: string,
  expected: MessageExpectation['json'],
  limit: WorkLimit,
): string | undefined {
  let value: Json;
  try {
    value = JSON.parse(message) as Json;
  } catch {
    return `${excerpt(message)} is not JSON`;
  }
  for (const expectation of expected) {
    const fault = checkJsonPath(value, expectation, limit);
    if (fault !== undefined) return `${excerpt(message)}: ${fault}`;
  }
  return undefined;
}
