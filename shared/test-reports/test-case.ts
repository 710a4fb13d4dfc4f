export const testOutcomes = ['passed', 'failed', 'errored', 'skipped'] as const;
/** `errored`: the check itself broke, or its outcome is unknown; never a pass. */
export type TestOutcome = (typeof testOutcomes)[number];

/** One test in one report. Texts are printable; names may be of any length and contain line ends. */
export interface TestCase {
  /** File, class name (or else the suites) and name, without empty ones, joined by `::`. */
  readonly id: string;
  readonly name: string;
  readonly className?: string;
  /** As in the report: absolute, or relative to an unknown folder. */
  readonly file?: string;
  /** Its first line in the file, according to the report: distinguishes tests of one name. */
  readonly line?: string;
  /** The names of the enclosing suites, outermost first; suites without a name are left out. */
  readonly suites: readonly string[];
  /** The number of its suite element in the report, from 1; 0 outside of any. */
  readonly suite: number;
  readonly outcome: TestOutcome;
  /** True: it passed in the end, after an attempt that did not. */
  readonly flaky: boolean;
  /** Absent when the report contains no valid duration. */
  readonly durationMs?: number;
  /** Why it did not pass, at most 4096 characters. */
  readonly message?: string;
  /**
   * When it ran according to the report, in ms since the epoch; absent: unknown. A time without a zone is read as UTC,
   * and may be off by hours.
   */
  readonly ranAtMs?: number;
  /** Earlier or later attempts that the report lists inside this one. */
  readonly reruns: number;
}
