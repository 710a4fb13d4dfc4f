import { documentIn } from '../../contracts/document.ts';
import { type NoticeRecord, notices } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Store, type Stored, update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import type { Listed } from '../query-reports.ts';

const maxNotices = 200;

/** The notices about one run, the most important first. */
export async function noticesOfRun(store: Store, runId: RunId): Promise<Listed<NoticeRecord>[]> {
  const found = await store.find({ collection: notices, where: [['runId', '==', runId]], limit: maxNotices });
  return found.toSorted(({ data: a }, { data: b }) => a.importance - b.importance).map(listed);
}

/** What is not told yet, or can't be: the newest first. */
export async function untoldNotices(store: Store): Promise<Listed<NoticeRecord>[]> {
  return (await findUntold(store)).map(listed);
}

/**
 * Has notices tried anew that are stopped or wait for another try.
 * @param runId absent: those of all runs
 * @returns the ids of those that are to be tried
 */
export async function retryNotices(
  runId: RunId | undefined,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<string[]> {
  const now = clock.now();
  const retried: string[] = [];
  for (const notice of await findUntold(store)) {
    if (runId !== undefined && notice.data.runId !== runId) continue;
    if (notice.data.lastError === undefined) continue;
    const fields = {
      state: 'open',
      dueAt: now,
      retriedAt: now,
      tries: 0,
      lastError: undefined,
      endedAt: undefined,
    } as const;
    if (await tryCommit(store, [update(documentIn(notices, notice.id), notice, fields)]))
      retried.push(notice.id);
  }
  return retried;
}

async function findUntold(store: Store): Promise<Stored<NoticeRecord>[]> {
  const found = await Promise.all(
    (['open', 'stopped'] as const).map((state) =>
      store.find({
        collection: notices,
        where: [['state', '==', state]],
        orderBy: { field: 'createdAt', direction: 'desc' },
        limit: maxNotices,
      }),
    ),
  );
  return found.flat().toSorted(({ data: a }, { data: b }) => b.createdAt.getTime() - a.createdAt.getTime());
}

function listed({ id, data }: Stored<NoticeRecord>): Listed<NoticeRecord> {
  return { id, ...data };
}
