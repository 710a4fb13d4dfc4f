import type { ConfigPath } from './config-path.ts';

/** A fault of a value, before its position in the text is known. */
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
