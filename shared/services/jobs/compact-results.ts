import type { JobReportRecord } from '../../contracts/records.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';

/** Of a report's document, which must stay below 1 MiB. */
const maxBytes = 700_000;
/** How much of each detail is kept; with the least, any shard fits. */
const detailLengths = [2_000, 1_000, 400, 100] as const;

/** The results of a job as they are stored: by place in its ids, and with shorter details where they are many. */
export function compactResults(
  ids: readonly string[],
  results: readonly CheckResult[],
): JobReportRecord['results'] {
  const places = new Map(ids.map((id, n) => [id, n]));
  const versions = detailLengths.map(
    (length) => () =>
      results.flatMap(({ id, outcome, durationMs, untimed, flaky, detail, signature }) => {
        const n = places.get(id);
        return n === undefined
          ? []
          : [{ n, outcome, durationMs, untimed, flaky, detail: detail?.slice(0, length), signature }];
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
