import { capText } from '../../domain/render/cut-text.ts';
import { parseTimestamp } from '../parse-timestamp.ts';
import { printable } from '../printable.ts';

/** Names of suites are for people; they stand in every case. */
const maxSuiteNameLength = 1024;

/** One suite element and where it stands. */
export interface JunitSuite {
  readonly path: readonly string[];
  readonly index: number;
  /** When it began, in ms since the epoch; absent: neither it nor a suite around it says. */
  readonly beganAtMs?: number | undefined;
}

export const noSuite: JunitSuite = { path: [], index: 0 };

/** @param timestamp its attribute of this name, if it has one */
export function innerSuite(
  outer: JunitSuite,
  name: string,
  timestamp: string | undefined,
  index: number,
): JunitSuite {
  const shown = capText(printable(name), maxSuiteNameLength);
  const path = shown === '' ? outer.path : [...outer.path, shown];
  return { path, index, beganAtMs: parseTimestamp(timestamp ?? '') ?? outer.beganAtMs };
}
