import type { CommandSuite } from '../contracts/suites/command-suite.ts';
import type { CheckTarget } from './check-runner.ts';

/** For which execution a command gets its environment. */
export interface CommandPlace {
  readonly target: Omit<CheckTarget, 'edges'>;
  /** 1 for the first execution in this run; more for a retry. */
  readonly attempt: number;
}

export type PreparedEnvironment =
  | {
      readonly kind: 'ready';
      /** Secrets and an ID token among it: for the command alone. */
      readonly env: Readonly<Record<string, string>>;
      /** Takes those out of a text. */
      readonly redact: (text: string) => string;
    }
  /** Names what is wrong, and never a value. */
  | { readonly kind: 'fault'; readonly detail: string; readonly retryable: boolean };

/** What commands of a suite find in their environment. */
export interface CommandEnvironments {
  /** Never throws: what cannot be had is a fault. */
  prepare(suite: Pick<CommandSuite, 'env' | 'secrets'>, place: CommandPlace): Promise<PreparedEnvironment>;
}
