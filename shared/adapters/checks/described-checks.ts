import type { SecretSource } from '../../contracts/suites/secret-source.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import type { Collected } from '../../ports/check-runner.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { type ReadSecrets, readSecrets } from './secrets/read-secrets.ts';

export type KnownSecrets = Extract<ReadSecrets, { kind: 'values' }>;

interface DescribedSuite<C> {
  readonly checks: readonly C[];
  readonly secrets: Readonly<Record<string, SecretSource>>;
}

/** Checks that the config itself describes, run one after another. */
export class DescribedChecks<C extends { readonly name: string }> {
  readonly #secrets: Secrets;
  /** A suite has thousands of checks, and few are run at a time. */
  readonly #index = new WeakMap<readonly C[], ReadonlyMap<string, C>>();

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  collect({ checks }: DescribedSuite<C>): Collected {
    return { checks: checks.map(({ name }) => ({ id: name })), problems: [] };
  }

  /** @param execute runs one check; what it gives is told unless it was given up */
  async run(
    suite: DescribedSuite<C>,
    ids: readonly string[],
    execute: (check: C, secrets: KnownSecrets) => Promise<CheckResult>,
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const secrets = await readSecrets(suite.secrets, this.#secrets);
    for (const id of ids) {
      const check = this.#find(suite.checks, id);
      if (signal.aborted || !check) continue;
      const result =
        secrets.kind === 'fault'
          ? { id, outcome: 'errored' as const, durationMs: 0, detail: secrets.detail }
          : await execute(check, secrets);
      if (!signal.aborted) tell(result);
    }
  }

  #find(checks: readonly C[], name: string): C | undefined {
    const known = this.#index.get(checks) ?? new Map(checks.map((check) => [check.name, check]));
    this.#index.set(checks, known);
    return known.get(name);
  }
}
