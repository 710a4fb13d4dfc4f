import { documentIn } from '../../contracts/document.ts';
import { notices } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import { runNoticeId } from '../../domain/notices/notice.ts';
import type { Store } from '../../ports/store.ts';
import { commandOn } from '../../wording/mend-of.ts';

/**
 * Where the issue of a run is, or why it is not written yet. Empty: there is none to tell of.
 * @param records the options that name the records; undefined: they end with this process
 */
export async function issueLine(runId: RunId, store: Store, records: string | undefined): Promise<string> {
  const notice = await store.get(documentIn(notices, runNoticeId(runId, 'issue')));
  if (!notice) return '';
  const { told, lastError, state } = notice.data;
  if (told?.url !== undefined) return `issue   ${told.url}\n`;
  if (state === 'done') return '';
  const follow = records === undefined ? '' : `: ${commandOn(`notices ${runId}`, { records })}`;
  return `issue   not written yet${lastError === undefined ? '' : ` (${lastError})`}${follow}\n`;
}
