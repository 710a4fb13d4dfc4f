import type { SettledCheck } from '../checks/settled-check.ts';

/** A check that did not simply pass, with what the config says about it. */
export interface FailedCheck
  extends Pick<
    SettledCheck,
    'suite' | 'id' | 'priority' | 'settlement' | 'quarantined' | 'warns' | 'detail'
  > {
  /** Who fixes it. */
  readonly owner?: string | undefined;
  readonly impact?: CheckImpact | undefined;
}

/** The business impact of a failing check. */
export interface CheckImpact {
  readonly text: string;
  /** Monthly revenue at risk, in US dollars. */
  readonly mrrUsd?: number | undefined;
}

/** True: it fails, and that counts. */
export function isCounted({
  settlement,
  quarantined,
}: Pick<FailedCheck, 'settlement' | 'quarantined'>): boolean {
  return !quarantined && (settlement === 'regression' || settlement === 'uncompared');
}

/**
 * Monthly revenue at risk by the checks that fail and count, in US dollars: the largest of them, since several checks may
 * guard the same revenue. Undefined: none is configured.
 */
export function revenueAtRisk(checks: readonly FailedCheck[]): number | undefined {
  const amounts = checks.filter(isCounted).flatMap(({ impact }) => impact?.mrrUsd ?? []);
  return amounts.length > 0 ? Math.max(...amounts) : undefined;
}
