import { capText } from '../../domain/render/cut-text.ts';
import { printable } from '../printable.ts';

/** The longest suite name: it is meant for people, and stored with every case. */
const maxSuiteNameLength = 1024;

/** One suite element and its position. */
export interface JunitSuite {
  readonly path: readonly string[];
  readonly index: number;
  /** When it began, in ms since the epoch; absent: neither it nor an enclosing suite says so. */
  readonly beganAtMs?: number | undefined;
}

export const noSuite: JunitSuite = { path: [], index: 0 };

/** @param beganAtMs when it began, if it says so */
export function innerSuite(
  outer: JunitSuite,
  name: string,
  beganAtMs: number | undefined,
  index: number,
): JunitSuite {
  const shown = capText(printable(name), maxSuiteNameLength);
  const path = shown === '' ? outer.path : [...outer.path, shown];
  return { path, index, beganAtMs: beganAtMs ?? outer.beganAtMs };
}
