import { z } from 'zod';
import { noticeEventKinds } from '../../domain/notices/notice-event.ts';
import { reasonCodes } from '../../domain/verdict.ts';
import { ServiceOutput, schemaVersion, TimeOutput } from './parts.ts';

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
