import type {
  Conversation,
  ConversationEnd,
  ConversationScript,
  ConversationStep,
} from '../../domain/websocket/conversation.ts';
import type { Inbox } from './inbox.ts';
import type { OpenSocket } from './open-socket.ts';

type Script = Pick<ConversationScript, 'steps' | 'closes'>;

/** Says and hears what a script has, in order; what goes wrong first ends it. */
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
      // Who has closed meanwhile is found out when something is waited for.
      socket.send(step.text, () => {});
      continue;
    }
    const startedAt = performance.now();
    const end = await hear(step, inbox, signal);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    if (end) return told(end);
    came++;
  }
  return told(await finish(inbox, closes, signal));
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
    if (typeof next !== 'string') return { kind: 'closed', ...next };
    const why = judge(next);
    if (why === undefined) return undefined;
    if (strict) return { kind: 'unexpected', detail: why };
    other = why;
  }
}

async function finish(inbox: Inbox, closes: Script['closes'], signal: AbortSignal): Promise<ConversationEnd> {
  if (!closes) return { kind: 'done' };
  const { codes, withinMs } = closes;
  const startedAt = performance.now();
  for (;;) {
    const next = await inbox.next(withinMs - (performance.now() - startedAt), signal);
    if (next === undefined) return { kind: 'not-closed', withinMs };
    // What else is said before it closes is of no interest.
    if (typeof next === 'string') continue;
    return codes.includes(next.code) ? { kind: 'done' } : { kind: 'wrong-close', ...next };
  }
}
