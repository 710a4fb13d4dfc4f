import { describe, expect, it } from '@jest/globals';
import type { Conversation, ConversationEnd } from '../../../shared/domain/websocket/conversation.ts';
import { judgeConversation } from '../../../shared/domain/websocket/judge-conversation.ts';

const talked = (end: ConversationEnd, came = 1, expected = 3): Conversation => ({
  kind: 'talked',
  latencyMs: 7,
  came,
  expected,
  end,
});
const refused = (status: number, body = 'no', authenticated = false): Conversation => ({
  kind: 'refused',
  answer: { kind: 'answer', status, headers: {}, body, truncated: false, latencyMs: 7, authenticated },
});
const closed = (code: number, reason = ''): Conversation => talked({ kind: 'closed', code, reason });

describe('judgeConversation', () => {
  it('is content when all was said', () => {
    expect(judgeConversation(talked({ kind: 'done' }, 3))).toEqual({
      kind: 'good',
      status: 101,
      latencyMs: 7,
    });
  });

  it.each<[number, string, string | undefined]>([
    [1000, 'normal closure', undefined],
    [1001, 'going away', 'ws-1001'],
    [1006, 'broke without a close frame', 'ws-1006'],
    [1008, 'refused by a policy', undefined],
    [1011, 'server error', 'ws-1011'],
    [1012, 'restart', 'ws-1012'],
    [1013, 'overloaded', 'ws-1013'],
    [4001, 'application-defined', undefined],
  ])('tells close code %d before the expected messages apart', (code, words, signature) => {
    expect(judgeConversation(closed(code, 'bye'))).toEqual({
      kind: 'bad',
      fault: signature === undefined ? 'wrong-body' : 'server-error',
      latencyMs: 7,
      detail: expect.stringMatching(
        new RegExp(`^closed before message 2 of 3 arrived, with ${code} \\(.*${words}.*\\): bye$`),
      ),
      ...(signature !== undefined && { signature }),
    });
  });

  it.each<[string, Conversation, object]>([
    [
      'a handshake that is refused, with its status',
      refused(400, 'Bad\nRequest'),
      {
        fault: 'wrong-status',
        status: 400,
        detail: 'the handshake was answered with HTTP 400, expected 101: Bad Request',
      },
    ],
    ['a handshake that a server fails at', refused(503), { fault: 'server-error', signature: 'http-503' }],
    [
      'no subprotocol',
      { kind: 'no-subprotocol', latencyMs: 7 },
      { fault: 'wrong-header', detail: expect.stringContaining('without any of the offered subprotocols') },
    ],
    [
      'a message that is not the next one',
      talked({ kind: 'unexpected', detail: 'a is not b' }),
      { fault: 'wrong-body', detail: 'message 2 of 3: a is not b' },
    ],
    [
      'a message that does not come',
      talked({ kind: 'silent', withinMs: 50, other: 'a is not b' }),
      {
        fault: 'timeout',
        detail: 'message 2 of 3 did not arrive within 50 ms; last message received: a is not b',
      },
    ],
    [
      'a service that says nothing at all',
      talked({ kind: 'silent', withinMs: 50 }, 0),
      { fault: 'timeout', signature: 'timeout' },
    ],
    [
      'an end with another code',
      talked({ kind: 'wrong-close', code: 1011, reason: '' }, 3),
      { fault: 'server-error', detail: 'closed with 1011 (server error)', signature: 'ws-1011' },
    ],
    [
      'an end that does not come',
      talked({ kind: 'not-closed', withinMs: 50 }, 3),
      { fault: 'timeout', detail: 'not closed within 50 ms' },
    ],
    [
      'a connection that is refused',
      { kind: 'no-answer', cause: 'refused', latencyMs: 7, detail: 'ECONNREFUSED' },
      { fault: 'refused', signature: 'refused' },
    ],
  ])('holds %s against the revision', (_what, conversation, outcome) => {
    expect(judgeConversation(conversation)).toMatchObject({ kind: 'bad', ...outcome });
  });

  it.each<[string, Conversation, string]>([
    ['a message that cannot be judged', talked({ kind: 'unjudged', detail: 'too much' }), 'too-expensive'],
    [
      'a token that is not to be had',
      { kind: 'no-answer', cause: 'no-token', latencyMs: 0, detail: '' },
      'not-allowed',
    ],
    [
      'a name that is not to be resolved',
      { kind: 'no-answer', cause: 'name-resolution', latencyMs: 0, detail: '' },
      'name-resolution',
    ],
    ['a caller that is not allowed', refused(403, 'The request was not authenticated.', true), 'not-allowed'],
    ['no free instance', refused(429, 'Rate exceeded.'), 'overload'],
  ])('does not hold %s against it', (_what, conversation, cause) => {
    expect(judgeConversation(conversation)).toMatchObject({ kind: 'unknown', cause });
  });
});
