import type { SecretSource } from '../contracts/suites/secret-source.ts';

/** Where the values of secrets come from. No value may reach a log, a record or an error. */
export interface Secrets {
  /**
   * @throws {PermanentError} there is no such secret, or it may not be read; names it and says how to fix that
   * @throws {TransientError} it could not be asked for
   */
  value(source: SecretSource): Promise<string>;
}
