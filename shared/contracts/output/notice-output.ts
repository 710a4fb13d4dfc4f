import { z } from 'zod';
import { noticeKinds, noticeStates } from '../../domain/notices/notice.ts';
import { noticeEventKinds } from '../../domain/notices/notice-event.ts';
import { reasonCodes } from '../../domain/verdict.ts';
import { CountOutput, documentHead, ServiceOutput, schemaVersion, TimeOutput } from './parts.ts';

/**
 * What a generic webhook is sent.
 * @property id the same at each delivery of the same event
 * @property service null: all services
 * @property actor null: the guard itself
 */
export const NoticeEventDocument = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  id: z.string(),
  kind: z.enum(noticeEventKinds),
  at: TimeOutput,
  service: ServiceOutput.nullable(),
  revision: z.string().nullable(),
  target: z.string().nullable(),
  runId: z.string().nullable(),
  actor: z.string().nullable(),
  headline: z.string(),
  reason: z.strictObject({ code: z.enum(reasonCodes).nullable(), text: z.string() }),
  undo: z.string().nullable(),
  reportUrl: z.string().nullable(),
  issueUrl: z.string().nullable(),
});

/** `notices`. */
export const NoticesDocument = z.strictObject({
  ...documentHead,
  notices: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(noticeKinds),
      service: ServiceOutput.nullable(),
      runId: z.string().nullable(),
      channel: z.string().nullable(),
      event: z.enum(noticeEventKinds).nullable(),
      state: z.enum(noticeStates),
      url: z.string().nullable(),
      note: z.string().nullable(),
      error: z.string().nullable(),
      tries: CountOutput,
      createdAt: TimeOutput,
      dueAt: TimeOutput.nullable(),
      endedAt: TimeOutput.nullable(),
    }),
  ),
});

/** `notices retry`. */
export const RetriedDocument = z.strictObject({ ...documentHead, retried: z.array(z.string()) });

/** `notify test`. */
export const NotifyTestDocument = z.strictObject({
  ...documentHead,
  results: z.array(z.strictObject({ name: z.string(), error: z.string().nullable() })),
  warnings: z.array(z.string()),
});
