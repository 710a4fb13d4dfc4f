export const testOutcomes = ['passed', 'failed', 'errored', 'skipped'] as const;
/** `errored`: the check itself broke, or nobody can tell; never a pass. */
export type TestOutcome = (typeof testOutcomes)[number];

/** One test as one report tells it. Texts are printable; names may be of any length and hold line ends. */
export interface TestCase {
  /** File, class name (or else the suites) and name, the empty ones left out, joined by `::`. */
  readonly id: string;
  readonly name: string;
  readonly className?: string;
  /** As the report has it: absolute or relative to a folder that the report does not name. */
  readonly file?: string;
  /** The line of its file where it begins, as the report has it: tells tests of one name apart. */
  readonly line?: string;
  /** The names of the suites around it, outermost first; suites without a name are left out. */
  readonly suites: readonly string[];
  /** Which suite element of its report it stands in, counted from 1; 0 outside of any. */
  readonly suite: number;
  readonly outcome: TestOutcome;
  /** It passed in the end, after an attempt that did not. */
  readonly flaky: boolean;
  /** Absent when the report says nothing of use. */
  readonly durationMs?: number;
  /** Why it did not pass, at most 4096 characters. */
  readonly message?: string;
  /**
   * When it ran by its report, in ms since the epoch; absent: the report does not say. A time without a zone is read as
   * UTC, and may be off by hours.
   */
  readonly ranAtMs?: number;
  /** Earlier or later attempts that the report lists inside of this one. */
  readonly reruns: number;
}
