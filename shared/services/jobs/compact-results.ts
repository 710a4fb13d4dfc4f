import type { JobReportRecord } from '../../contracts/records.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';

/** The limit of a report's document, which must stay below 1 MiB. */
const maxBytes = 700_000;
/** The lengths to which details are cut; with the shortest, any shard fits. */
const detailLengths = [2_000, 1_000, 400, 100] as const;

/** The stored form of a job's results: by index in its ids, with shorter details if there are many. */
export function compactResults(
  ids: readonly string[],
  results: readonly CheckResult[],
): JobReportRecord['results'] {
  const places = new Map(ids.map((id, n) => [id, n]));
  const versions = detailLengths.map(
    (length) => () =>
      results.flatMap(({ id, outcome, durationMs, flaky, detail, signature }) => {
        const n = places.get(id);
        return n === undefined
          ? []
          : [{ n, outcome, durationMs, flaky, detail: detail?.slice(0, length), signature }];
      }),
  );
  for (const version of versions) {
    const compact = version();
    if (Buffer.byteLength(JSON.stringify(compact)) <= maxBytes) return compact;
  }
  return (
    versions
      .at(-1)?.()
      .map(({ detail: _, ...rest }) => rest) ?? []
  );
}
