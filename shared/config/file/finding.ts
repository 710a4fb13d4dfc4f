import type { ConfigPath } from './config-path.ts';

/** Something wrong with a value, before it is known where in the text the value stands. */
export interface Finding {
  readonly path: ConfigPath;
  readonly message: string;
  readonly fix: string;
}

/** What only shows when several keys are seen together. */
export interface Limit {
  /** Where it may be fixed, most likely first. */
  readonly keys: readonly ConfigPath[];
  readonly message: string;
  readonly fix: string;
}
