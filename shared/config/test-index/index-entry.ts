import type { Priority } from '../../domain/checks/priorities.ts';

/** One file of tests, as an index for people lists it. */
export interface IndexEntry {
  readonly file: string;
  readonly priority?: Priority | undefined;
  /** How many tests the index says it has. */
  readonly tests?: number | undefined;
  /** The heading that it stands under. */
  readonly category?: string | undefined;
  /** What it is about, or what its failure means for the business. */
  readonly text?: string | undefined;
  /** Money at risk each month, where the index names an amount. */
  readonly mrrUsd?: number | undefined;
}
