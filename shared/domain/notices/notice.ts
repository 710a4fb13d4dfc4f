import { assertDocumentId, type ConfigDigest, type RunId, type ServiceKey, type ServiceRef } from '../ids.ts';
import type { NoticeEvent, NoticeEventKind } from './notice-event.ts';

/**
 * `issue`: the issue about a run's failure, or the end of those that the run solves. `status`: the deployment and the
 * check run of its commit. `pull-comment`: the comment on the pull request that brought the commit. `prevention`: the pull
 * request that keeps the failure from coming back. `webhook`: one event to one channel.
 */
export const noticeKinds = ['issue', 'status', 'pull-comment', 'prevention', 'webhook'] as const;
export type NoticeKind = (typeof noticeKinds)[number];
/** The kinds that tell of a whole run, written anew as facts arrive. */
export const runNoticeKinds = [
  'issue',
  'status',
  'pull-comment',
  'prevention',
] as const satisfies readonly NoticeKind[];
export type RunNoticeKind = (typeof runNoticeKinds)[number];

/** `done`: nothing more can happen that it would tell. `stopped`: it cannot be delivered. */
export const noticeStates = ['open', 'done', 'stopped'] as const;
export type NoticeState = (typeof noticeStates)[number];

/** What is told to others: work to be done, until all of it is told. */
export interface Notice {
  readonly kind: NoticeKind;
  /** Absent, as `ref`: all services. */
  readonly serviceKey?: ServiceKey | undefined;
  readonly ref?: ServiceRef | undefined;
  /** The service's name in the config, and the config. */
  readonly name?: string | undefined;
  readonly configDigest?: ConfigDigest | undefined;
  /** The run that it tells of, or that the event comes from. */
  readonly runId?: RunId | undefined;
  /** The name of the notification in the config, and what is sent there. */
  readonly channel?: string | undefined;
  readonly event?: NoticeEvent | undefined;
  /** 0 goes first where others limit how much is sent. */
  readonly importance: number;
  readonly state: NoticeState;
  /** When the sweep asks for it; absent once it has ended. */
  readonly dueAt?: Date | undefined;
  /** The worker that is at it, and until when. */
  readonly holder?: string | undefined;
  readonly heldUntil?: Date | undefined;
  /** How often it was asked for while a worker was at it: that one may have read the facts before. */
  readonly nudges?: number | undefined;
  /** How often delivery has failed since it last succeeded. */
  readonly tries: number;
  /** Why it was not delivered; absent: it was, as far as there is something to tell. */
  readonly lastError?: string | undefined;
  /** What the other side shows. */
  readonly told?: Told | undefined;
  readonly createdAt: Date;
  /** When a person had it tried anew. */
  readonly retriedAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
}

/** What was written, so that only differences are written again. */
export interface Told {
  /** Of the issue. */
  readonly fingerprint?: string | undefined;
  /** Its page. */
  readonly url?: string | undefined;
  /** Of the written text. */
  readonly hash?: string | undefined;
  readonly deploymentId?: number | undefined;
  /** The pull request, and the comment below it. */
  readonly pull?: number | undefined;
  readonly commentId?: number | undefined;
  /** What was left out, and why. */
  readonly note?: string | undefined;
}

export function runNoticeId(runId: RunId, kind: RunNoticeKind): string {
  return assertDocumentId(`${runId}.${kind}`);
}

/** @param fact the id of what happened: an effect, a decision, or a service and a time */
export function eventNoticeId(fact: string, kind: NoticeEventKind, channel: string): string {
  return assertDocumentId(`${fact}.${kind}.${channel}`);
}
