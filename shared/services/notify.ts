import { type DocumentRef, documentIn } from '../contracts/document.ts';
import type { Notify } from '../contracts/messages.ts';
import { type NoticeRecord, notices, runs } from '../contracts/records.ts';
import { assertNever } from '../domain/assert-never.ts';
import { describeError, isRetryable, PermanentError, TransientError } from '../domain/errors.ts';
import { nextTry } from '../domain/notices/next-try.ts';
import type { Ports } from '../ports/ports.ts';
import { type Stored, update } from '../ports/store.ts';
import { tryCommit } from '../ports/try-commit.ts';
import { Held, isHeld } from './notices/held.ts';
import { configOf } from './notices/notice-config.ts';
import type { Delivered, Telling } from './notices/outcome.ts';
import { sendEvent } from './notices/send-event.ts';
import { isRunNotice, tellIssue } from './notices/tell-issue.ts';
import { tellPrevention } from './notices/tell-prevention.ts';
import { tellPull } from './notices/tell-pull.ts';
import { tellStatus } from './notices/tell-status.ts';

/** Longer than one delivery takes. If its worker dies, the sweep asks again then. */
const holdMs = 5 * 60_000;

type HeldNotice = Held<NoticeRecord>;

/**
 * Tells others what a notice says: the facts are read anew, and what differs from what was written is written. So one
 * message more or less does no harm. A fault of the other side is recorded with the time of the next try, and the message
 * acknowledged: neither a verdict nor other notices wait for it.
 */
export async function notify({ noticeId }: Notify, ports: Ports): Promise<void> {
  const { store, clock } = ports;
  const ref = documentIn(notices, noticeId);
  const read = await store.get(ref);
  if (read?.data.state !== 'open') return;
  const now = clock.now();
  if (isHeld(read.data, now)) return noteNudge(ref, read, ports);
  // It waits as it was asked to, and reads everything anew then.
  if (read.data.lastError !== undefined && read.data.dueAt !== undefined && read.data.dueAt > now) return;
  const dueAt = new Date(now.getTime() + holdMs);
  const held = await Held.take(ref, read, holdMs, { dueAt }, ports);
  if (!held) return ports.bus.publish('notify', { noticeId });
  const { nudges } = read.data;
  await settle(held, noticeId, nudges, await deliver(held, ports), ports);
}

/** A worker that is at it may have read the facts before they changed: it looks again when it is done. */
async function noteNudge(
  ref: DocumentRef<NoticeRecord>,
  read: Stored<NoticeRecord>,
  { store, bus }: Ports,
): Promise<void> {
  const fields = { nudges: (read.data.nudges ?? 0) + 1 };
  if (!(await tryCommit(store, [update(ref, read, fields)])))
    await bus.publish('notify', { noticeId: ref.id });
}

type Attempt = Delivered | { readonly kind: 'failed'; readonly error: unknown };

async function deliver(held: HeldNotice, ports: Ports): Promise<Attempt> {
  try {
    return await perform(held, ports);
  } catch (error) {
    return { kind: 'failed', error };
  }
}

async function perform(held: HeldNotice, ports: Ports): Promise<Delivered> {
  const notice = held.data;
  const config = await configOf(notice, ports);
  if (notice.kind === 'webhook') return sendEvent(notice, config, ports);
  const telling: Telling = {
    get told() {
      return held.data.told ?? {};
    },
    tell: (told) => held.write(() => ({ told })),
  };
  if (!isRunNotice(notice)) throw new PermanentError(`a notice of kind ${notice.kind} names no run`);
  switch (notice.kind) {
    case 'issue': {
      const run = await ports.store.get(documentIn(runs, notice.runId));
      if (!run) throw new PermanentError(`run ${notice.runId} is not in the store`);
      return tellIssue(notice, run.data, config, telling, ports);
    }
    case 'status':
      return tellStatus(notice, config, telling, ports);
    case 'pull-comment':
      return tellPull(notice, config, telling, ports);
    case 'prevention':
      return tellPrevention(notice, config, telling, ports);
    default:
      return assertNever(notice.kind);
  }
}

async function settle(
  held: HeldNotice,
  noticeId: string,
  /** How often it had been asked for when the delivery began. */
  seen: number | undefined,
  attempt: Attempt,
  ports: Ports,
): Promise<void> {
  const released = { holder: undefined, heldUntil: undefined };
  let isAsked = false;
  await held.write((notice) => {
    isAsked = notice.nudges !== seen;
    return { ...endOf(notice, attempt, isAsked, ports), ...released };
  });
  const { data } = held;
  const { kind, runId, lastError } = data;
  if (lastError !== undefined)
    ports.log[data.state === 'stopped' ? 'error' : 'warn'](
      { noticeId, runId, kind, code: 'notice' },
      lastError,
    );
  if (isAsked && data.state === 'open' && lastError === undefined)
    await ports.bus.publish('notify', { noticeId });
}

type Fields = Partial<{ [K in keyof NoticeRecord]: NoticeRecord[K] | undefined }>;

function endOf(notice: NoticeRecord, attempt: Attempt, isAsked: boolean, { clock }: Ports): Fields {
  const now = clock.now();
  const sound = { tries: 0, lastError: undefined };
  switch (attempt.kind) {
    case 'done':
      if (!isAsked) return { ...sound, state: 'done', dueAt: undefined, endedAt: now };
      return { ...sound, dueAt: now };
    case 'open':
      return { ...sound, dueAt: isAsked ? now : attempt.at };
    case 'failed':
      return failed(notice, attempt.error, now);
    default:
      return assertNever(attempt);
  }
}

function failed(notice: NoticeRecord, error: unknown, now: Date): Fields {
  const { tries, importance, createdAt, retriedAt } = notice;
  const lastError = describeError(error);
  const retryAfterMs = error instanceof TransientError ? error.retryAfterMs : undefined;
  const dueAt = isRetryable(error)
    ? nextTry({ tries: tries + 1, retryAfterMs, importance, createdAt: retriedAt ?? createdAt, now })
    : undefined;
  if (dueAt) return { tries: tries + 1, lastError, dueAt };
  return { tries: tries + 1, lastError, state: 'stopped', dueAt: undefined, endedAt: now };
}
