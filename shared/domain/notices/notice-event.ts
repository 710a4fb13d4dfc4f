import type { RevisionName, RunId, ServiceRef } from '../ids.ts';
import type { ReasonCode } from '../verdict.ts';

/** What people and their tools are told, once for each time that it happens. Sent, so a name never changes its meaning. */
export const noticeEventKinds = [
  'rolled-back',
  'unrestored',
  'inconclusive-serving',
  'alarm-opened',
  'alarm-closed',
  'promoted',
  'pin-released',
  'freeze-set',
  'freeze-lifted',
] as const;
export type NoticeEventKind = (typeof noticeEventKinds)[number];

export interface NoticeEvent {
  /** The same at each delivery of the same event. */
  readonly id: string;
  readonly kind: NoticeEventKind;
  readonly at: Date;
  /** The service's name in the config; absent, as `ref`: all services. */
  readonly name?: string | undefined;
  readonly ref?: ServiceRef | undefined;
  /** The revision that it is about; of a pin: the one that has traffic now. */
  readonly revision?: RevisionName | undefined;
  /** The revision that traffic went back to. */
  readonly target?: RevisionName | undefined;
  readonly runId?: RunId | undefined;
  /** Who did it; absent: the guard itself. */
  readonly actor?: string | undefined;
  readonly code?: ReasonCode | undefined;
  /** Why, in a sentence. */
  readonly why: string;
  /** The command that takes it back. */
  readonly undo?: string | undefined;
  readonly reportUrl?: string | undefined;
  readonly issueUrl?: string | undefined;
}
