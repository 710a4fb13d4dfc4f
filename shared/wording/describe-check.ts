import type { FailureReport } from '../contracts/failure-report.ts';
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
const concernLength = 1_300;

/** One check that did not simply pass, in a line. */
export function describeCheck({
  suite,
  id,
  settlement,
  quarantined,
  warns,
  detail,
}: Pick<FailureReport, 'suite' | 'id' | 'settlement' | 'quarantined' | 'warns' | 'detail'>): string {
  const name = oneLine(id, idLength);
  const why = detail === undefined ? '' : `: ${oneLine(detail, detailLength)}`;
  const aside = warns ? ' (a warning)' : quarantined ? ' (in quarantine)' : '';
  return `${suite}: ${name} ${words[settlement]}${aside}${why}`;
}

/** The config's data about a check: its owner, impact and quarantine. Empty: none. */
export function describeConcern({
  owner,
  impact,
  quarantine,
}: Pick<FailureReport, 'owner' | 'impact' | 'quarantine'>): string {
  const revenue = impact?.mrrUsd === undefined ? '' : ` (${impact.mrrUsd} USD a month)`;
  const why = quarantine?.reason === undefined ? '' : `: ${quarantine.reason}`;
  const parts = [
    ...(impact ? [`impact: ${impact.text}${revenue}`] : []),
    ...(owner === undefined ? [] : [`owner: ${owner}`]),
    ...(quarantine ? [`in quarantine until ${quarantine.until} by ${quarantine.owner}${why}`] : []),
  ];
  return oneLine(parts.join('; '), concernLength);
}
