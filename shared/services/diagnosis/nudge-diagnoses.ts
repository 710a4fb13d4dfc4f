import { type DiagnosisRecord, diagnoses } from '../../contracts/records.ts';
import type { CorruptRecordError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';

const batch = 200;

/**
 * Asks again for the diagnoses that are due: their messages were lost, or their processes died.
 * @param concerns which of them; absent: all
 */
export async function nudgeDiagnoses(
  { store, bus, clock, log }: Pick<Ports, 'store' | 'bus' | 'clock' | 'log'>,
  concerns: (due: DiagnosisRecord) => boolean = () => true,
): Promise<void> {
  const due = await store.find({
    collection: diagnoses,
    where: [['dueAt', '<=', clock.now()]],
    orderBy: { field: 'dueAt', direction: 'asc' },
    limit: batch,
    onCorrupt: (error: CorruptRecordError) =>
      log.error({ code: 'corrupt-record', path: error.path }, error.message),
  });
  for (const { data } of due) if (concerns(data)) await bus.publish('diagnose', { runId: data.runId });
}
