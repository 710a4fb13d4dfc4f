import type { NoticeRecord } from '../contracts/records.ts';

/** What it is: `issue`, or `rolled-back to team`. */
export function nameNotice({ kind, channel, event }: NoticeRecord): string {
  return kind === 'webhook' ? `${event?.kind ?? 'event'} to ${channel ?? 'nobody'}` : kind;
}

/** How far it is told, in a line. */
export function describeNotice({ state, told, lastError, dueAt }: NoticeRecord): string {
  const where = told?.url;
  const parts = [
    ...(where === undefined ? [] : [where]),
    ...(lastError === undefined ? [] : [lastError]),
    ...(told?.note === undefined ? [] : [told.note]),
    ...(state === 'open' && dueAt ? [`next look at ${dueAt.toISOString()}`] : []),
  ];
  return parts.join('; ');
}
