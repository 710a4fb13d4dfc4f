import { findOnPath } from './find-on-path.ts';

/** Something outside the repository without which some tests cannot run. */
export interface Requirement {
  readonly name: string;
  /** Undefined: it is there. Otherwise what is absent, and how to install it. */
  missing(): string | undefined;
}

/** @param howTo the command that installs it */
export function program(name: string, howTo: string): Requirement {
  return { name, missing: () => (findOnPath(name) ? undefined : `it is not installed: ${howTo}`) };
}
