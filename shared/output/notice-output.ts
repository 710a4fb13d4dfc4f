import type { z } from 'zod';
import type {
  NoticeEventDocument,
  NoticesDocument,
  NotifyTestDocument,
  RetriedDocument,
} from '../contracts/output/notice-output.ts';
import { schemaVersion } from '../contracts/output/parts.ts';
import type { NoticeRecord } from '../contracts/records.ts';
import type { NoticeEvent } from '../domain/notices/notice-event.ts';
import { describeEvent } from '../wording/notices/describe-event.ts';
import { cleanedLine } from '../wording/safe/defuse.ts';
import { documentOf, orNull, serviceOf, timeOf, timeOrNull } from './values.ts';

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

/** `notices`. */
export function noticesDocument(
  notices: readonly (NoticeRecord & { readonly id: string })[],
): z.infer<typeof NoticesDocument> {
  return documentOf({
    notices: notices.map((notice) => {
      const { id, kind, name, ref, runId, channel, event, state, told, lastError, tries } = notice;
      return {
        id,
        kind,
        service: ref ? serviceOf(name ?? ref.service, ref) : null,
        runId: orNull(runId),
        channel: orNull(channel),
        event: orNull(event?.kind),
        state,
        url: orNull(told?.url),
        note: orNull(told?.note),
        error: orNull(lastError),
        tries,
        createdAt: timeOf(notice.createdAt),
        dueAt: timeOrNull(notice.dueAt),
        endedAt: timeOrNull(notice.endedAt),
      };
    }),
  });
}

/** `notices retry`. */
export function retriedDocument(retried: readonly string[]): z.infer<typeof RetriedDocument> {
  return documentOf({ retried: [...retried] });
}

/** What a test of one notification or repository gave. */
export interface TestResult {
  readonly name: string;
  /** Absent: it works. */
  readonly error?: string | undefined;
}

/** `notify test`. */
export function notifyTestDocument(
  results: readonly TestResult[],
  warnings: readonly string[],
  exitCode: number,
): z.infer<typeof NotifyTestDocument> {
  return documentOf(
    { results: results.map(({ name, error }) => ({ name, error: orNull(error) })), warnings: [...warnings] },
    exitCode,
  );
}
