import type { FailureReport } from '../../contracts/failure-report.ts';
import type { FailureRecord, RunRecord } from '../../contracts/records.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { findQuarantine } from '../../domain/checks/find-quarantine.ts';
import { CorruptRecordError, PermanentError } from '../../domain/errors.ts';
import type { Store } from '../../ports/store.ts';
import { loadServiceConfig } from '../records/load-config.ts';

/** @param plannedAt when the quarantines were determined */
export async function explainFailures(
  failures: readonly FailureRecord[],
  run: RunRecord,
  plannedAt: Date,
  store: Store,
): Promise<FailureReport[]> {
  const suites = failures.length > 0 ? await suitesOf(run, store) : [];
  return failures.map((failure) => {
    const suite = suites.find(({ name }) => name === failure.suite);
    if (!suite) return failure;
    const found =
      failure.quarantined && !failure.warns
        ? findQuarantine(suite.quarantine, failure.id, plannedAt)
        : undefined;
    const { owner, impact } = suite;
    const quarantine = found && { owner: found.owner, until: found.until, reason: found.reason };
    return { ...failure, owner, impact, quarantine };
  });
}

/** No explanation if the config is missing or unreadable: failures are reported anyway. */
async function suitesOf({ configDigest, name }: RunRecord, store: Store): Promise<readonly Suite[]> {
  try {
    return (await loadServiceConfig(store, configDigest, name)).suites;
  } catch (error) {
    if (error instanceof PermanentError || error instanceof CorruptRecordError) return [];
    throw error;
  }
}
