import type { AuditsRecord } from '../contracts/records.ts';
import type { Audit, AuditRow } from '../domain/audits/audit.ts';
import { formatTable } from './format-table.ts';

/** One line for each audit of a run that has ended; none if it has no audits. */
export function summarizeAudits(audits: AuditsRecord | undefined): readonly string[] {
  if (!audits) return [];
  if (audits.results) return audits.results.map((audit) => `${headOf(audit)}${causeOf(audit)}`);
  const gates = audits.gates.length > 0 ? ` (gates: ${audits.gates.join(', ')})` : '';
  return [`not made yet${gates}`];
}

/** All of them, with their tables. */
export function describeAudits(results: readonly Audit[]): string {
  return results.map((audit) => `${headOf(audit)}\n${tableOf(audit)}`).join('\n');
}

/** `stability fail 0.75 (gate, at least 0.90), compared with web-00041-xyz` */
function headOf({ name, status, score, minimum, gate, baseline }: Audit): string {
  const limits = [...(gate ? ['gate'] : []), ...(minimum > 0 ? [`at least ${minimum.toFixed(2)}`] : [])];
  const told = limits.length > 0 ? ` (${limits.join(', ')})` : '';
  const than = baseline === undefined ? '' : `, compared with ${baseline}`;
  return `${name} ${status}${score === undefined ? '' : ` ${roundedDown(score)}`}${told}${than}`;
}

/** A score below its minimum never looks like it. */
function roundedDown(score: number): string {
  return (Math.floor(score * 1000 + 1e-9) / 1000).toFixed(3);
}

/** Why it is no pass. */
function causeOf({ status, rows }: Audit): string {
  const state = status === 'fail' ? 'bad' : 'unknown';
  const causes = status === 'pass' ? [] : rows.filter((row) => row.state === state).map(describeRow);
  return causes.length > 0 ? `: ${causes.join('; ')}` : '';
}

function describeRow({ what, value, note }: AuditRow): string {
  return `${[what, value].filter((part) => part !== undefined).join(' ')}${note === undefined ? '' : ` (${note})`}`;
}

function tableOf({ rows }: Audit): string {
  const cells = rows.map(({ what, state, value = '', baseline = '', score, note = '' }) => [
    `  ${what}`,
    state,
    value,
    baseline,
    score === undefined ? '' : roundedDown(score),
    note,
  ]);
  return formatTable(['  WHAT', 'STATE', 'VALUE', 'BASELINE', 'SCORE', 'NOTE'], cells);
}
