import type { RevisionName } from '../ids.ts';
import { countOf } from '../render/count-of.ts';
import { type Audit, type AuditPolicy, type AuditRow, statusOf } from './audit.ts';
import { dirtyFiles, newFindings, type Scan } from './scan.ts';

/** The last good revision that has a scan. */
export interface ComplianceBaseline {
  readonly revision: RevisionName;
  readonly scan: Scan;
}

const namedFindings = 5;

/**
 * No new finding since the last good revision: what is there may stay, and only become less. The score is the share of
 * clean files.
 * @param scan of the sources that the run's revision was built of; undefined: there is none
 */
export function judgeCompliance(
  scan: Scan | undefined,
  baseline: ComplianceBaseline | undefined,
  { gate, minimum }: AuditPolicy,
): Audit {
  const score = scan && cleanShare(scan);
  const rows = scan ? [newRow(scan, baseline), countRow(scan, baseline), filesRow(scan, minimum)] : [missing];
  const failed = rows.some(({ state }) => state === 'bad');
  const status = statusOf(rows, failed);
  return { name: 'compliance', status, score, minimum, gate, baseline: baseline?.revision, rows };
}

const missing: AuditRow = {
  what: 'new findings',
  state: 'unknown',
  note: 'no SARIF file was given for its build',
};

/** Undefined: the number of files is not known. */
function cleanShare(scan: Scan): number | undefined {
  if (scan.files === undefined || scan.files === 0) return undefined;
  return (scan.files - Math.min(scan.files, dirtyFiles(scan).size)) / scan.files;
}

function newRow(scan: Scan, baseline: ComplianceBaseline | undefined): AuditRow {
  const what = 'new findings';
  if (!baseline)
    return { what, state: 'unknown', note: 'no good revision before it has a scan to compare with' };
  const found = newFindings(scan, baseline.scan);
  const named = found.slice(0, namedFindings).map(({ rule, file }) => (file ? `${rule} in ${file}` : rule));
  const more = found.length - named.length;
  const note = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return {
    what,
    state: found.length === 0 ? 'good' : 'bad',
    value: String(found.length),
    ...(found.length > 0 && { note }),
  };
}

function countRow(scan: Scan, baseline: ComplianceBaseline | undefined): AuditRow {
  return {
    what: 'findings',
    state: 'told',
    value: String(scan.findings.length),
    baseline: baseline && String(baseline.scan.findings.length),
  };
}

function filesRow(scan: Scan, minimum: number): AuditRow {
  const what = 'clean files';
  const share = cleanShare(scan);
  if (share === undefined)
    return {
      what,
      state: minimum > 0 ? 'unknown' : 'told',
      note: `${countOf(dirtyFiles(scan).size, 'file')} with findings; how many there are is not known: give --files`,
    };
  const clean = Math.round(share * (scan.files ?? 0));
  return {
    what,
    state: share < minimum ? 'bad' : 'good',
    value: `${(100 * share).toFixed(1)} % (${clean} of ${scan.files})`,
    score: share,
  };
}
