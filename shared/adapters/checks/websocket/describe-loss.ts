import type { Conversation } from '../../../domain/websocket/conversation.ts';
import { judgeConversation } from '../../../domain/websocket/judge-conversation.ts';

/**
 * Describes what fails through a further URL of the service, such as a load balancer, although the same conversation
 * succeeds on the revision itself. @returns undefined: it succeeds there too
 */
export function describeLoss(edge: string, conversation: Conversation): string | undefined {
  const outcome = judgeConversation(conversation);
  if (outcome.kind === 'good') return undefined;
  const likely = likelyLoss(conversation);
  const why = likely === undefined ? '' : ` (${likely})`;
  // The conversation with the revision itself may have taken most of the check's time.
  const isLate = conversation.kind === 'no-answer' && conversation.cause === 'timeout';
  const how = isLate ? 'not in the remaining time' : 'not';
  return `as expected on the revision itself, but ${how} through ${new URL(edge).origin}: ${outcome.detail}${why}`;
}

/** What an intermediary has probably not forwarded. */
function likelyLoss(conversation: Conversation): string | undefined {
  if (conversation.kind === 'no-subprotocol') return 'Sec-WebSocket-Protocol is not forwarded';
  if (conversation.kind !== 'refused') return undefined;
  switch (conversation.answer.status) {
    case 400:
    case 404:
    case 426:
    case 501:
      return 'Upgrade, Sec-WebSocket-Key or the path is not forwarded';
    case 401:
    case 403:
      return 'Authorization or a cookie is not forwarded, or an intermediary refuses';
    case 502:
    case 504:
      return 'an intermediary cannot upgrade the connection';
    default:
      return undefined;
  }
}
