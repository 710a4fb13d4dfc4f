import type { ConversationScript, ConversationStep } from '../../domain/websocket/conversation.ts';
import { durationMs } from '../duration.ts';
import { sendableHeaders } from '../expectations/header.ts';
import { authorizationOf } from './authorization.ts';
import { checkMessage } from './check-message.ts';
import { fillIn, fillInAll, fillInPath } from './references.ts';
import type { ConversationConfig, MessageStep } from './websocket-suite.ts';

/** A conversation with one target. */
export interface BuiltConversation extends ConversationScript {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A conversation of the config with its values filled in. Values in the path are escaped, so that none can change where
 * it leads.
 * @throws {RangeError} a name has no value
 * @throws {Error} a header cannot be sent with the value that was filled in
 */
export function buildConversation(
  base: string,
  config: ConversationConfig,
  values: ReadonlyMap<string, string>,
): BuiltConversation {
  const { subprotocols, messages, closes } = config;
  const query = Object.entries(fillInAll(config.query, values));
  const path = fillInPath(config.path, values);
  return {
    url: `${base}${path}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`,
    headers: sendableHeaders({
      ...(config.auth && authorizationOf(config.auth, values)),
      ...fillInAll(config.headers, values),
    }),
    subprotocols,
    steps: messages.map((step) => stepOf(step, values)),
    closes: closes && { codes: closes.codes, withinMs: durationMs(closes.within) },
  };
}

function stepOf(step: MessageStep, values: ReadonlyMap<string, string>): ConversationStep {
  if ('send' in step) return { kind: 'send', text: fillIn(step.send, values) };
  if ('json' in step) return { kind: 'send', text: JSON.stringify(fillInAll(step.json, values)) };
  const expected = fillInAll(step.expect, values);
  return {
    kind: 'expect',
    withinMs: durationMs(expected.within),
    strict: expected.strict,
    judge: (message) => checkMessage(message, expected),
  };
}
