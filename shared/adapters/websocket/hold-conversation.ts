import { describeError } from '../../domain/errors.ts';
import type {
  Conversation,
  ConversationEnd,
  ConversationScript,
  ConversationStep,
} from '../../domain/websocket/conversation.ts';
import { TooExpensiveError } from '../../domain/work-limit.ts';
import type { Closed, Inbox } from './inbox.ts';
import type { OpenSocket } from './open-socket.ts';

/**
 * How the other side may react to our own close: with our code, without a code, or by cutting the connection. Another
 * code means that it closed on its own, because something is wrong.
 */
const goodbye = { codes: [1000, 1005, 1006], withinMs: 500 };

type Script = Pick<ConversationScript, 'steps' | 'closes'>;

/** Sends and receives the messages of a script in order; the first fault ends the conversation. */
export async function holdConversation(
  { socket, inbox, latencyMs }: OpenSocket,
  { steps, closes }: Script,
  signal: AbortSignal,
): Promise<Conversation> {
  const expected = steps.filter(({ kind }) => kind === 'expect').length;
  let slowestMs = latencyMs;
  let came = 0;
  const told = (end: ConversationEnd): Conversation => ({
    kind: 'talked',
    latencyMs: slowestMs,
    came,
    expected,
    end,
  });
  for (const step of steps) {
    if (step.kind === 'send') {
      // If the other side has closed meanwhile, the next wait for a message notices it.
      socket.send(step.text, () => {});
      continue;
    }
    const startedAt = performance.now();
    const end = await hear(step, inbox, signal);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    if (end) return told(end);
    came++;
  }
  return told(await finish({ socket, inbox }, closes, signal));
}

/** Waits for one message. @returns how the conversation ended without it */
async function hear(
  step: Extract<ConversationStep, { kind: 'expect' }>,
  inbox: Inbox,
  signal: AbortSignal,
): Promise<ConversationEnd | undefined> {
  const { withinMs, strict, judge } = step;
  const startedAt = performance.now();
  let other: string | undefined;
  for (;;) {
    const next = await inbox.next(withinMs - (performance.now() - startedAt), signal);
    const waitedMs = Math.ceil(performance.now() - startedAt);
    if (next === undefined) return { kind: 'silent', withinMs: Math.min(withinMs, waitedMs), other };
    if (typeof next !== 'string') return faultOf(next) ?? { kind: 'closed', ...next };
    const why = judgeSafely(next, judge);
    if (why === undefined) return undefined;
    if (typeof why !== 'string') return why;
    if (strict) return { kind: 'unexpected', detail: why };
    other = why;
  }
}

/** A message that the judge cannot cope with is as wrong as any other, unless telling takes too much work. */
function judgeSafely(
  message: string,
  judge: (message: string) => string | undefined,
): string | ConversationEnd | undefined {
  try {
    return judge(message);
  } catch (error) {
    if (error instanceof TooExpensiveError) return { kind: 'unjudged', detail: error.message };
    return `the message cannot be judged: ${describeError(error)}`;
  }
}

async function finish(
  { socket, inbox }: Pick<OpenSocket, 'socket' | 'inbox'>,
  closes: Script['closes'],
  signal: AbortSignal,
): Promise<ConversationEnd> {
  if (!closes) socket.close(1000);
  const { codes, withinMs } = closes ?? goodbye;
  const startedAt = performance.now();
  for (;;) {
    const next = await inbox.next(withinMs - (performance.now() - startedAt), signal);
    if (next === undefined) return closes ? { kind: 'not-closed', withinMs } : { kind: 'done' };
    // Messages between the last step and the close do not matter.
    if (typeof next === 'string') continue;
    if (codes.includes(next.code)) return { kind: 'done' };
    return faultOf(next) ?? { kind: 'wrong-close', ...next };
  }
}

/** Our side could not process the message: the other side did not break off. */
function faultOf({ fault }: Closed): ConversationEnd | undefined {
  if (fault === undefined || !fault.startsWith('WS_ERR_')) return undefined;
  const isTooLarge = fault === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
  const detail = isTooLarge ? 'a message is larger than 1 MiB' : `invalid WebSocket frame (${fault})`;
  return { kind: 'unexpected', detail };
}
