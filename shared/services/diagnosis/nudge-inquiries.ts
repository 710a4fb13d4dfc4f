import type { Collection } from '../../contracts/document.ts';
import type { CorruptRecordError } from '../../domain/errors.ts';
import type { RunId, ServiceKey } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';

const batch = 200;

/** What is to be found out about a run once its traffic is safe: a diagnosis, its audits. */
export interface Inquiry {
  readonly runId: RunId;
  readonly serviceKey: ServiceKey;
}

/**
 * Asks again for what is due: its message was lost, or its process died.
 * @param concerns which of them; absent: all
 */
export async function nudgeInquiries<D extends Inquiry>(
  collection: Collection<D>,
  { store, bus, clock, log }: Pick<Ports, 'store' | 'bus' | 'clock' | 'log'>,
  concerns: (due: Inquiry) => boolean = () => true,
): Promise<void> {
  const due = await store.find({
    collection,
    where: [['dueAt', '<=', clock.now()]],
    orderBy: { field: 'dueAt', direction: 'asc' },
    limit: batch,
    onCorrupt: (error: CorruptRecordError) =>
      log.error({ code: 'corrupt-record', path: error.path }, error.message),
  });
  for (const { data } of due) if (concerns(data)) await bus.publish('diagnose', { runId: data.runId });
}
