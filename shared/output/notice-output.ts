import type { z } from 'zod';
import type { NoticeEventDocument } from '../contracts/output/notice-output.ts';
import { schemaVersion } from '../contracts/output/parts.ts';
import type { NoticeEvent } from '../domain/notices/notice-event.ts';
import { describeEvent } from '../wording/notices/describe-event.ts';
import { cleanedLine } from '../wording/safe/defuse.ts';
import { orNull, serviceOf, timeOf } from './values.ts';

const textLength = 3_000;

/** The body of a generic webhook. Its texts are plain, without secrets, and not escaped for any format. */
export function noticeEventDocument(event: NoticeEvent): z.infer<typeof NoticeEventDocument> {
  const { id, kind, at, name, ref, revision, target, runId, actor, code, why } = event;
  return {
    schemaVersion,
    id,
    kind,
    at: timeOf(at),
    service: ref ? serviceOf(name ?? ref.service, ref) : null,
    revision: orNull(revision),
    target: orNull(target),
    runId: orNull(runId),
    actor: actor === undefined ? null : cleanedLine(actor, textLength),
    headline: cleanedLine(describeEvent(event), textLength),
    reason: { code: orNull(code), text: cleanedLine(why, textLength) },
    undo: orNull(event.undo),
    reportUrl: orNull(event.reportUrl),
    issueUrl: orNull(event.issueUrl),
  };
}
