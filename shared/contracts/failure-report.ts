import type { FailureRecord } from './records.ts';
import type { Suite } from './suites/suite.ts';

/** A check that did not simply pass, with what its run's config says about it. */
export interface FailureReport extends FailureRecord {
  /** Who fixes it. */
  readonly owner?: string | undefined;
  readonly impact?: Suite['impact'];
  /** Why it does not count, and who takes it out of quarantine. */
  readonly quarantine?: Omit<Suite['quarantine'][number], 'tests'> | undefined;
}
