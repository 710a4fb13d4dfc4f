import type { Priority } from '../../domain/checks/priorities.ts';

/** One test file in a Markdown index. */
export interface IndexEntry {
  readonly file: string;
  readonly priority?: Priority | undefined;
  /** How many tests the index says it has. */
  readonly tests?: number | undefined;
  /** The heading that it stands under. */
  readonly category?: string | undefined;
  /** Its subject, or the business impact of a failure. */
  readonly text?: string | undefined;
  /** Money at risk each month, where the index names an amount. */
  readonly mrrUsd?: number | undefined;
}
