import { capText, printable } from '../printable.ts';

/** Names of suites are for people; they stand in every case. */
const maxSuiteNameLength = 1024;

/** One suite element and where it stands. */
export interface JunitSuite {
  readonly path: readonly string[];
  readonly index: number;
}

export const noSuite: JunitSuite = { path: [], index: 0 };

export function innerSuite(outer: JunitSuite, name: string, index: number): JunitSuite {
  const shown = capText(printable(name), maxSuiteNameLength);
  return { path: shown === '' ? outer.path : [...outer.path, shown], index };
}
