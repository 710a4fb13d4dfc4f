import type { ProbeAnswer } from '../health/probe-answer.ts';

/** The messages to send and to expect, in order. */
export type ConversationStep =
  | { readonly kind: 'send'; readonly text: string }
  | {
      readonly kind: 'expect';
      readonly withinMs: number;
      /** True: the next message must match; false: others may come first. */
      readonly strict: boolean;
      /** @returns why a message is not the expected one; undefined: it is */
      judge(message: string): string | undefined;
    };

/** The time limit of the whole conversation. */
export interface ConversationScript {
  /** Offered in the handshake; the other side must choose one of them. Empty: none is offered. */
  readonly subprotocols: readonly string[];
  readonly steps: readonly ConversationStep[];
  /** How the other side must close after the last step; absent: this side closes with 1000. */
  readonly closes?: { readonly codes: readonly number[]; readonly withinMs: number } | undefined;
}

/** The result of a conversation with a service over a WebSocket, before it is judged. */
export type Conversation =
  | Extract<ProbeAnswer, { kind: 'no-answer' }>
  /** The response to the handshake was not 101. */
  | { readonly kind: 'refused'; readonly answer: Extract<ProbeAnswer, { kind: 'answer' }> }
  /** The response to the handshake was 101, but without any of the offered subprotocols. */
  | { readonly kind: 'no-subprotocol'; readonly latencyMs: number }
  | {
      readonly kind: 'talked';
      /** Of the handshake, or of the message that took longest. */
      readonly latencyMs: number;
      /** The number of expected messages that arrived, and their total. */
      readonly came: number;
      readonly expected: number;
      readonly end: ConversationEnd;
    };

export type ConversationEnd =
  | { readonly kind: 'done' }
  /** The other side closed while a message was still expected. */
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  /** The next step does not allow the received message. */
  | { readonly kind: 'unexpected'; readonly detail: string }
  /** Judging a message takes too much work: nothing is known of it. */
  | { readonly kind: 'unjudged'; readonly detail: string }
  /** The next message did not arrive in time. @property other why the last received message did not match */
  | { readonly kind: 'silent'; readonly withinMs: number; readonly other?: string | undefined }
  /** After the last step, the other side closed with an unexpected code, or not in time. */
  | { readonly kind: 'wrong-close'; readonly code: number; readonly reason: string }
  | { readonly kind: 'not-closed'; readonly withinMs: number };
