import { z } from 'zod';
import type { IssueRecord as Issue, IssueRun, Solution } from '../../domain/notices/issue-record.ts';
import { type Notice, noticeKinds, noticeStates, type Told } from '../../domain/notices/notice.ts';
import { type NoticeEvent, noticeEventKinds } from '../../domain/notices/notice-event.ts';
import { reasonCodes } from '../../domain/verdict.ts';
import type { Collection } from '../document.ts';
import {
  ConfigDigestSchema,
  RevisionNameSchema,
  RunIdSchema,
  ServiceKeySchema,
  ServiceRefSchema,
  WatchedNameSchema,
} from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';
import { type FieldsOf, OrderRecord } from './shapes.ts';

const EventRecord = z.object({
  id: z.string(),
  kind: z.enum(noticeEventKinds),
  at: z.date(),
  name: z.string().optional(),
  ref: ServiceRefSchema.optional(),
  revision: RevisionNameSchema.optional(),
  target: RevisionNameSchema.optional(),
  runId: RunIdSchema.optional(),
  actor: z.string().optional(),
  code: z.enum(reasonCodes).optional().catch('other'),
  why: OutsideLine,
  undo: z.string().optional(),
  reportUrl: z.string().optional(),
  issueUrl: z.string().optional(),
} satisfies FieldsOf<NoticeEvent>);

/** `notices/{runId}.{kind}`, or `notices/{fact}.{event}.{channel}`: what is told to others, until all of it is told. */
const NoticeRecord = z.object({
  kind: z.enum(noticeKinds),
  serviceKey: ServiceKeySchema.optional(),
  ref: ServiceRefSchema.optional(),
  name: WatchedNameSchema.optional(),
  configDigest: ConfigDigestSchema.optional(),
  runId: RunIdSchema.optional(),
  channel: z.string().optional(),
  event: EventRecord.optional(),
  importance: z.number().int().min(0),
  state: z.enum(noticeStates),
  dueAt: z.date().optional(),
  holder: z.string().optional(),
  heldUntil: z.date().optional(),
  nudges: z.number().int().optional(),
  tries: z.number().int().min(0),
  lastError: OutsideLine.optional(),
  told: z
    .object({
      fingerprint: z.string().optional(),
      url: z.string().optional(),
      hash: z.string().optional(),
      deploymentId: z.number().optional(),
      pull: z.number().optional(),
      commentId: z.number().optional(),
      note: OutsideLine.optional(),
    } satisfies FieldsOf<Told>)
    .optional(),
  createdAt: z.date(),
  retriedAt: z.date().optional(),
  endedAt: z.date().optional(),
} satisfies FieldsOf<Notice>);

export type { Notice as NoticeRecord } from '../../domain/notices/notice.ts';
export const notices: Collection<Notice> = { path: 'notices', schema: NoticeRecord };

/** `issues/{fingerprint}`: the issue about one cause of failures. */
const IssueRecord = z.object({
  serviceKey: ServiceKeySchema,
  ref: ServiceRefSchema,
  name: WatchedNameSchema,
  repo: z.string(),
  number: z.number().int().optional(),
  url: z.string().optional(),
  state: z.enum(['open', 'closed']),
  hash: z.string().optional(),
  labels: z.array(z.string()).optional(),
  shownRun: RunIdSchema.optional(),
  commentId: z.number().int().optional(),
  commentHash: z.string().optional(),
  isCommentTried: z.boolean().optional(),
  solved: z
    .object({
      runId: RunIdSchema,
      revision: RevisionNameSchema,
      at: z.date(),
    } satisfies FieldsOf<Solution>)
    .optional(),
  holder: z.string().optional(),
  heldUntil: z.date().optional(),
  createdAt: z.date(),
} satisfies FieldsOf<Issue>);

export type { IssueRecord } from '../../domain/notices/issue-record.ts';
export const issues: Collection<Issue> = { path: 'issues', schema: IssueRecord };

/** `issues/{fingerprint}/runs/{runId}`: one run that failed for that cause. Created once. */
const IssueRunRecord = z.object({
  runId: RunIdSchema,
  candidate: OrderRecord,
  at: z.date(),
  n: z.number().int(),
} satisfies FieldsOf<IssueRun>);

export function runsOfIssue(fingerprint: string): Collection<IssueRun> {
  return { path: `issues/${fingerprint}/runs`, schema: IssueRunRecord };
}
