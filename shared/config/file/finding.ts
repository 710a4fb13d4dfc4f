import type { ConfigPath } from './config-path.ts';

/** Something wrong with a value, before it is known where in the text the value stands. */
export interface Finding {
  readonly path: ConfigPath;
  readonly message: string;
  readonly fix: string;
}
