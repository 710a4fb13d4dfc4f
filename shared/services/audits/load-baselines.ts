import { documentIn } from '../../contracts/document.ts';
import { type AuditsRecord, audits, type RunRecord, services } from '../../contracts/records.ts';
import type { AuditName } from '../../domain/audits/audit.ts';
import { isBaseline } from '../../domain/audits/run-audits.ts';
import { compareRevisions } from '../../domain/revision.ts';
import type { Ports } from '../../ports/ports.ts';

/** The audits of the good revisions before a run's own. */
export interface Baselines {
  /** Those of the newest that the run may be compared with; undefined: there are none. */
  newest(name: AuditName, isUsable: (audits: AuditsRecord) => boolean): AuditsRecord | undefined;
}

/** A revision that people have moved users away from is no baseline, as it is no target. */
export async function loadBaselines(
  { serviceKey, candidate }: RunRecord,
  { store, log }: Pick<Ports, 'store' | 'log'>,
): Promise<Baselines> {
  const good = (await store.get(documentIn(services, serviceKey)))?.data.lastGood ?? [];
  const older = good.filter((one) => one.movedAway !== true && compareRevisions(one, candidate) < 0);
  const ids = older.map(({ runId }) => runId);
  const found =
    ids.length === 0
      ? []
      : await store.find({
          collection: audits,
          ids,
          where: [],
          limit: ids.length,
          onCorrupt: (error) => log.error({ code: 'corrupt-record', path: error.path }, error.message),
        });
  const byRun = new Map(found.map(({ data }) => [data.runId, data]));
  const newestFirst = ids.flatMap((id) => byRun.get(id) ?? []);
  return {
    newest: (name, isUsable) => newestFirst.find((known) => isBaseline(name, known) && isUsable(known)),
  };
}
