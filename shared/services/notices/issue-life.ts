import { documentIn } from '../../contracts/document.ts';
import { type IssueRecord, runs, runsOfIssue } from '../../contracts/records.ts';
import { type IssueRun, type Solution, solutionOf } from '../../domain/notices/issue-record.ts';
import type { IssueHistory, Recurrence } from '../../domain/notices/recurrence.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store } from '../../ports/store.ts';
import { listRuns } from '../query-reports.ts';

/** The runs that failed for one cause, and whether a later one has passed. */
export interface IssueLife {
  readonly newest: IssueRun;
  readonly isOpen: boolean;
  readonly history: IssueHistory;
}

const shownRuns = 20;
/** How many of a service's latest runs may have solved it. */
const laterRuns = 100;

/** Undefined: no run has failed for it. */
export async function loadIssueLife(
  fingerprint: string,
  { serviceKey, solved: known }: IssueRecord,
  { store }: Pick<Ports, 'store'>,
): Promise<IssueLife | undefined> {
  const collection = runsOfIssue(fingerprint);
  const ordered = (direction: 'asc' | 'desc', limit: number) =>
    store.find({ collection, where: [], orderBy: { field: 'at', direction }, limit });
  const [newestFirst, [first], { sum }] = await Promise.all([
    ordered('desc', shownRuns),
    ordered('asc', 1),
    store.countAndSum(collection, 'n'),
  ]);
  const [newest] = newestFirst;
  if (!newest || !first) return undefined;
  const solved = await solvedBy(newest.data, known, serviceKey, store);
  return {
    newest: newest.data,
    isOpen: solved === undefined,
    history: {
      fingerprint,
      count: sum,
      firstAt: first.data.at,
      recurrences: await recurrencesOf(newestFirst.map(({ data }) => data).reverse(), store),
      solved,
    },
  };
}

async function solvedBy(
  newest: IssueRun,
  known: Solution | undefined,
  serviceKey: IssueRecord['serviceKey'],
  store: Store,
): Promise<Solution | undefined> {
  if (known && known.at > newest.at) return known;
  return solutionOf(newest, await listRuns(store, { serviceKey, limit: laterRuns }));
}

async function recurrencesOf(failed: readonly IssueRun[], store: Store): Promise<Recurrence[]> {
  const found = await Promise.all(failed.map(({ runId }) => store.get(documentIn(runs, runId))));
  return failed.map(({ runId, candidate, at }, n) => ({
    runId,
    revision: candidate.revision,
    verdict: found[n]?.data.verdict ?? 'fail',
    outcome: found[n]?.data.outcome,
    at,
  }));
}
