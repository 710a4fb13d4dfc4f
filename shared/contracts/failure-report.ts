import type { FailureRecord } from './records.ts';
import type { Suite } from './suites/suite.ts';

/** A check that is not simply fine, with what the config of its run says of it. */
export interface FailureReport extends FailureRecord {
  /** Who fixes it. */
  readonly owner?: string | undefined;
  readonly impact?: Suite['impact'];
  /** Why it does not count, and who gets it out again. */
  readonly quarantine?: Omit<Suite['quarantine'][number], 'tests'> | undefined;
}
