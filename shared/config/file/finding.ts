import type { ConfigPath } from './config-path.ts';

/** A fault of a value, before its position in the text is known. */
export interface Finding {
  readonly path: ConfigPath;
  readonly message: string;
  readonly fix: string;
}
