import type { CommandSuite } from '../contracts/suites/command-suite.ts';
import type { CheckTarget } from './check-runner.ts';

/** The execution that an environment is prepared for. */
export interface CommandPlace {
  readonly target: Omit<CheckTarget, 'edges'>;
  /** 1 for the first execution in this run; more for a retry. */
  readonly attempt: number;
}

export type PreparedEnvironment =
  | {
      readonly kind: 'ready';
      /** Includes secrets and an ID token: for the command only. */
      readonly env: Readonly<Record<string, string>>;
      /** Removes those from a text. */
      readonly redact: (text: string) => string;
    }
  /** Names the fault, never a value. */
  | { readonly kind: 'fault'; readonly detail: string; readonly retryable: boolean };

/** Prepares the environment of a suite's commands. */
export interface CommandEnvironments {
  /** Never throws: a value that is unavailable is a fault. */
  prepare(
    suite: Pick<CommandSuite, 'env' | 'secrets'> & Partial<Pick<CommandSuite, 'passEnv'>>,
    place: CommandPlace,
  ): Promise<PreparedEnvironment>;
}
