import type { RevisionName } from '../ids.ts';

/** What a run is audited for, after its verdict. */
export const auditNames = ['stability', 'drift', 'compliance'] as const;
export type AuditName = (typeof auditNames)[number];

/** `unknown`: something that the audit needs is not known. It never counts as `pass`. */
export const auditStatuses = ['pass', 'fail', 'unknown'] as const;
export type AuditStatus = (typeof auditStatuses)[number];

/** `told`: for people, without a part in score and status. */
export const rowStates = ['good', 'bad', 'unknown', 'told'] as const;
export type RowState = (typeof rowStates)[number];

/** One line of an audit's table. */
export interface AuditRow {
  /** What is measured or compared, such as `availability` or `env.JWT_ISSUER`. */
  readonly what: string;
  readonly state: RowState;
  /** For people; absent: not known. */
  readonly value?: string | undefined;
  /** What it is compared with; absent: nothing. */
  readonly baseline?: string | undefined;
  /** From 0 to 1; absent: it has no part in the score. */
  readonly score?: number | undefined;
  readonly note?: string | undefined;
}

/** The result of one audit. */
export interface Audit {
  readonly name: AuditName;
  readonly status: AuditStatus;
  /** From 0 to 1; absent: not known. */
  readonly score?: number | undefined;
  /** The lowest score that passes. */
  readonly minimum: number;
  /** True: a run passes with exit code 0 only if this audit passes, too. */
  readonly gate: boolean;
  /** The good revision that it is compared with; absent: none. */
  readonly baseline?: RevisionName | undefined;
  readonly rows: readonly AuditRow[];
}

/** What the config says of any audit. */
export interface AuditPolicy {
  readonly gate: boolean;
  /** From 0 to 1. */
  readonly minimum: number;
}

/** Failing takes precedence; what is not known is never a pass, nor is an audit of nothing. */
export function statusOf(rows: readonly AuditRow[], failed: boolean): AuditStatus {
  if (failed) return 'fail';
  const isKnown =
    rows.some(({ state }) => state === 'good') && rows.every(({ state }) => state !== 'unknown');
  return isKnown ? 'pass' : 'unknown';
}

/** The mean of the rows that are known; undefined: none is. */
export function meanScore(rows: readonly AuditRow[]): number | undefined {
  const scores = rows.flatMap(({ score }) => (score === undefined ? [] : [score]));
  return scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
