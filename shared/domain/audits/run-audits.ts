import type { BuildId, RevisionName, RunId, ScanId, ServiceKey, ServiceRef } from '../ids.ts';
import type { Audit, AuditName } from './audit.ts';
import type { StabilityMeasures } from './measure-stability.ts';

/** The audits of a run: first the work to be done, then its results. */
export interface RunAudits {
  readonly runId: RunId;
  readonly serviceKey: ServiceKey;
  readonly ref: ServiceRef;
  readonly revision: RevisionName;
  /** The audits that must pass, by the config of the run. */
  readonly gates: readonly AuditName[];
  readonly createdAt: Date;
  /** When the sweep asks for them again; absent: they are made. */
  readonly dueAt?: Date | undefined;
  readonly madeAt?: Date | undefined;
  /** Absent: not made yet. */
  readonly results?: readonly Audit[] | undefined;
  /** What the next good revision is compared with. */
  readonly stability?: StabilityMeasures | undefined;
  /** The scan that compliance was judged by; absent: there was none. */
  readonly scan?: BuildId | ScanId | undefined;
}

/**
 * Whether the audits that are gates have passed; those that are not made yet are unknown.
 * @param audits absent: the run has none
 */
export function judgeGates(audits: Pick<RunAudits, 'gates' | 'results'> | undefined): Audit['status'] {
  const statuses = (audits?.gates ?? []).map(
    (gate) => audits?.results?.find(({ name }) => name === gate)?.status ?? 'unknown',
  );
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('unknown') ? 'unknown' : 'pass';
}

/**
 * True: the next revision may be compared with this audit of a good run. One that failed at its gate is no baseline, or
 * what was refused once would pass the next time.
 */
export function isBaseline(name: AuditName, { results }: Pick<RunAudits, 'results'>): boolean {
  const audit = results?.find((one) => one.name === name);
  return audit !== undefined && !(audit.gate && audit.status === 'fail');
}
