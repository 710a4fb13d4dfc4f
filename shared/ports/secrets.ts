import type { SecretSource } from '../contracts/suites/secret-source.ts';

/** Reads the values of secrets. No value may reach a log, a record or an error. */
export interface Secrets {
  /**
   * @throws {PermanentError} there is no such secret, or reading it is not permitted; the message names it and the fix
   * @throws {TransientError} the other side did not respond
   */
  value(source: SecretSource): Promise<string>;
}
