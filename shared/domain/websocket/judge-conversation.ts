import { assertNever } from '../assert-never.ts';
import { classifySilence, platformsOwn } from '../health/classify-response.ts';
import type { Fault, ProbeOutcome } from '../health/probe-outcome.ts';
import { shortened } from '../render/excerpt.ts';
import { describeClose, isDown } from './close-codes.ts';
import type { Conversation, ConversationEnd } from './conversation.ts';

/** Judges a revision by a conversation. A failure that is typical of a deployment that is down has a signature. */
export type ConversationOutcome = ProbeOutcome & { readonly signature?: string | undefined };

const switchingProtocols = 101;
const shownLength = 200;

export function judgeConversation(conversation: Conversation): ConversationOutcome {
  switch (conversation.kind) {
    case 'no-answer': {
      const outcome = classifySilence(conversation);
      return outcome.kind === 'bad' ? { ...outcome, signature: outcome.fault } : outcome;
    }
    case 'refused':
      return judgeRefusal(conversation.answer);
    case 'no-subprotocol':
      return {
        kind: 'bad',
        fault: 'wrong-header',
        latencyMs: conversation.latencyMs,
        detail: 'the handshake was answered without any of the offered subprotocols',
      };
    case 'talked':
      return judgeEnd(conversation);
    default:
      return assertNever(conversation);
  }
}

function judgeRefusal(answer: Extract<Conversation, { kind: 'refused' }>['answer']): ConversationOutcome {
  const { status, body, latencyMs } = answer;
  const text = shortened(body, shownLength);
  return (
    platformsOwn(answer) ?? {
      kind: 'bad',
      fault: status >= 500 ? 'server-error' : 'wrong-status',
      status,
      latencyMs,
      detail: `the handshake was answered with HTTP ${status}, expected ${switchingProtocols}${text && `: ${text}`}`,
      ...(status >= 500 && { signature: `http-${status}` }),
    }
  );
}

function judgeEnd(talked: Extract<Conversation, { kind: 'talked' }>): ConversationOutcome {
  const { end, latencyMs, came, expected } = talked;
  if (end.kind === 'done') return { kind: 'good', status: switchingProtocols, latencyMs };
  if (end.kind === 'unjudged') return { kind: 'unknown', cause: 'too-expensive', detail: end.detail };
  const { fault, detail, signature } = describeEnd(end, came, expected);
  return { kind: 'bad', fault, latencyMs, detail, ...(signature !== undefined && { signature }) };
}

function describeEnd(
  end: Exclude<ConversationEnd, { kind: 'done' | 'unjudged' }>,
  came: number,
  expected: number,
): { readonly fault: Fault; readonly detail: string; readonly signature?: string } {
  const next = expected === 0 ? 'any message' : `message ${came + 1} of ${expected}`;
  switch (end.kind) {
    case 'closed':
      return {
        ...faultOfClose(end.code),
        detail: `closed before ${next}${expected === 0 ? '' : ' arrived'}, with ${describeClose(end.code, end.reason)}`,
      };
    case 'wrong-close':
      return { ...faultOfClose(end.code), detail: `closed with ${describeClose(end.code, end.reason)}` };
    case 'unexpected':
      return { fault: 'wrong-body', detail: `${next}: ${end.detail}` };
    case 'silent': {
      const instead = end.other === undefined ? '' : `; last message received: ${end.other}`;
      const detail = `${next} did not arrive within ${end.withinMs} ms${instead}`;
      const isMute = end.other === undefined && came === 0;
      return { fault: 'timeout', detail, ...(isMute && { signature: 'timeout' }) };
    }
    case 'not-closed':
      return { fault: 'timeout', detail: `not closed within ${end.withinMs} ms` };
    default:
      return assertNever(end);
  }
}

function faultOfClose(code: number): { readonly fault: Fault; readonly signature?: string } {
  return isDown(code) ? { fault: 'server-error', signature: `ws-${code}` } : { fault: 'wrong-body' };
}
