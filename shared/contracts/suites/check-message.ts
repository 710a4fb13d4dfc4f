import type { Json } from '../../domain/json.ts';
import { excerpt } from '../../domain/render/excerpt.ts';
import { checkJsonPath } from './check-json-path.ts';
import { matchesExpression } from './regular-expression.ts';
import type { MessageExpectation } from './websocket-suite.ts';

/** Why a message is not the expected one; undefined: it is. */
export function checkMessage(
  message: string,
  { json, contains, matches }: Pick<MessageExpectation, 'json' | 'contains' | 'matches'>,
): string | undefined {
  if (contains !== undefined && !message.includes(contains))
    return `${excerpt(message)} does not contain ${excerpt(contains)}`;
  if (matches !== undefined && !matchesExpression(message, matches))
    return `${excerpt(message)} does not match ${excerpt(matches)}`;
  return json.length === 0 ? undefined : checkJson(message, json);
}

function checkJson(message: string, expected: MessageExpectation['json']): string | undefined {
  let value: Json;
  try {
    value = JSON.parse(message) as Json;
  } catch {
    return `${excerpt(message)} is not JSON`;
  }
  for (const expectation of expected) {
    const fault = checkJsonPath(value, expectation);
    if (fault !== undefined) return `${excerpt(message)}: ${fault}`;
  }
  return undefined;
}
