import type { FailureRecord } from '../contracts/records.ts';
import type { Settlement } from '../domain/checks/settled-check.ts';
import { oneLine } from '../domain/render/one-line.ts';

const words: Readonly<Record<Settlement, string>> = {
  passed: 'passes',
  flaky: 'fails intermittently',
  regression: 'fails here and passes on the stable revision',
  known: 'fails on the stable revision too',
  uncompared: 'fails, and could not be compared with the stable revision',
  errored: 'errored',
  skipped: 'was skipped',
  suspect: 'may not have run',
  'not-run': 'did not run',
};
const idLength = 100;
const detailLength = 200;

/** One check that did not simply pass, in a line. */
export function describeCheck({ suite, id, settlement, quarantined, detail }: FailureRecord): string {
  const name = oneLine(id, idLength);
  const why = detail === undefined ? '' : `: ${oneLine(detail, detailLength)}`;
  return `${suite}: ${name} ${words[settlement]}${quarantined ? ' (in quarantine)' : ''}${why}`;
}
