import type { ProbeAnswer } from '../health/probe-answer.ts';

/** What is said, and what is to be heard, in order. */
export type ConversationStep =
  | { readonly kind: 'send'; readonly text: string }
  | {
      readonly kind: 'expect';
      readonly withinMs: number;
      /** True: the very next message has to be it; false: others may come before. */
      readonly strict: boolean;
      /** @returns why a message is not the expected one; undefined: it is */
      judge(message: string): string | undefined;
    };

/** All of it. */
export interface ConversationScript {
  /** Offered in the handshake; the other side has to choose one of them. Empty: none is offered. */
  readonly subprotocols: readonly string[];
  readonly steps: readonly ConversationStep[];
  /** How the other side has to close once all is said; absent: it need not, and is closed with 1000. */
  readonly closes?: { readonly codes: readonly number[]; readonly withinMs: number } | undefined;
}

/** What came of talking to a service over a WebSocket, before anybody judges it. */
export type Conversation =
  | Extract<ProbeAnswer, { kind: 'no-answer' }>
  /** The handshake was answered, and not with 101. */
  | { readonly kind: 'refused'; readonly answer: Extract<ProbeAnswer, { kind: 'answer' }> }
  /** The handshake was answered with 101, and without any of the subprotocols that were offered. */
  | { readonly kind: 'no-subprotocol'; readonly latencyMs: number }
  | {
      readonly kind: 'talked';
      /** Of the handshake, or of the message that was waited for longest. */
      readonly latencyMs: number;
      /** How many of the expected messages came, and how many are expected. */
      readonly came: number;
      readonly expected: number;
      readonly end: ConversationEnd;
    };

export type ConversationEnd =
  | { readonly kind: 'done' }
  /** The other side closed while something was still expected. */
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  /** A message came that the next step does not allow. */
  | { readonly kind: 'unexpected'; readonly detail: string }
  /** The next message did not come in time. @property other what is wrong with the last one that did come instead */
  | { readonly kind: 'silent'; readonly withinMs: number; readonly other?: string | undefined }
  /** All was said, and the other side closed with another code than expected, or not in time. */
  | { readonly kind: 'wrong-close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'not-closed'; readonly withinMs: number };
