import type { SecretSource } from '../../../contracts/suites/secret-source.ts';
import { describeError, isRetryable } from '../../../domain/errors.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import { Redactor } from '../redactor.ts';

export type ReadSecrets =
  | { readonly kind: 'values'; readonly values: ReadonlyMap<string, string>; readonly redactor: Redactor }
  | { readonly kind: 'fault'; readonly detail: string; readonly retryable: boolean };

/** The values of a suite's secrets; a fault names the secret, and never a value. */
export async function readSecrets(
  sources: Readonly<Record<string, SecretSource>>,
  secrets: Secrets,
): Promise<ReadSecrets> {
  try {
    const entries = Object.entries(sources).map(
      async ([name, source]) => [name, await secrets.value(source)] as const,
    );
    const values = new Map(await Promise.all(entries));
    return { kind: 'values', values, redactor: new Redactor(values) };
  } catch (error) {
    return { kind: 'fault', detail: describeError(error), retryable: isRetryable(error) };
  }
}
