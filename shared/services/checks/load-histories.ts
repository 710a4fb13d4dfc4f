import { type TestHistoryEntry, testHistories } from '../../contracts/records.ts';
import type { ServiceKey } from '../../domain/ids.ts';
import type { CheckEnvironment } from '../../ports/check-runner.ts';
import type { Ports } from '../../ports/ports.ts';

/** The number of documents that hold a service's tests: each contains a thousand of 30,000, well below 1 MiB. */
export const historyBuckets = 32;

export function bucketOf(testKey: string): number {
  return Number.parseInt(testKey.slice(0, 4), 16) % historyBuckets;
}

/** Whose history it is: durations are comparable only within one environment. */
export function historyOwner(serviceKey: ServiceKey, environment: CheckEnvironment): string {
  return `${serviceKey}.${environment}`;
}

/** The histories of a service's tests, by `testKeyOf`. */
export async function loadHistories(
  serviceKey: ServiceKey,
  { store, checks, log }: Pick<Ports, 'store' | 'checks' | 'log'>,
): Promise<ReadonlyMap<string, TestHistoryEntry>> {
  const found = await store.find({
    collection: testHistories,
    where: [['of', '==', historyOwner(serviceKey, checks.environment)]],
    limit: historyBuckets,
    // Durations only make runs faster: without them, tests still run.
    onCorrupt: (error) => log.warn({ code: 'corrupt-record', path: error.path }, error.message),
  });
  return new Map(found.flatMap(({ data }) => data.tests.map((entry) => [entry.key, entry] as const)));
}
