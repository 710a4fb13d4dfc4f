/** The problems that a report may have, and their severity: after an `error` the cases are unreliable. */
export const problemSeverities = {
  unreadable: 'error',
  empty: 'error',
  'not-results': 'error',
  'no-tests': 'error',
  'doctype-refused': 'error',
  truncated: 'error',
  'not-well-formed': 'error',
  'too-deep': 'error',
  'too-large': 'error',
  'too-long': 'error',
  'suite-error': 'error',
  'invalid-test': 'error',
  'several-roots': 'warning',
  'stray-text': 'warning',
  'misplaced-declaration': 'warning',
  'illegal-character': 'warning',
  'illegal-reference': 'warning',
  'bad-reference': 'warning',
  'bad-encoding': 'warning',
  'invalid-time': 'warning',
  'not-run': 'warning',
  'unknown-status': 'warning',
  'case-warning': 'warning',
  'implausible-clock': 'warning',
  'sums-differ': 'warning',
} as const;
export type ProblemKind = keyof typeof problemSeverities;
export type ProblemSeverity = (typeof problemSeverities)[ProblemKind];

/** From 1; the column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One kind of problem in one report, at its first position. */
export interface ResultsProblem extends Partial<Position> {
  readonly kind: ProblemKind;
  readonly severity: ProblemSeverity;
  readonly message: string;
  /** The number of occurrences. */
  readonly count: number;
}
