import { durationMs } from '../../contracts/duration.ts';
import { buildValuesOf, whyUnfilled } from '../../contracts/expectations/build-variables.ts';
import type { HttpSuite } from '../../contracts/suites/http-suite.ts';
import type { WebsocketSuite } from '../../contracts/suites/websocket-suite.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import type { CheckBatch, Collected } from '../../ports/check-runner.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { type ReadSecrets, readSecrets } from './secrets/read-secrets.ts';
import type { KindRunner } from './suite-check-runner.ts';

type DescribedSuite = HttpSuite | WebsocketSuite;
export type CheckOf<S extends DescribedSuite> = S['checks'][number];

/** What one execution of a check goes by. */
export interface Execution extends Pick<CheckBatch, 'target' | 'session'> {
  /** What stands for `${NAME}` from the start: build variables and secrets. */
  readonly values: ReadonlyMap<string, string>;
  readonly secrets: Extract<ReadSecrets, { kind: 'values' }>;
  readonly signal: AbortSignal;
  /** Of the check's time. */
  readonly leftMs: () => number;
}

export interface DescribedCheckRunnerPorts {
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Runs checks that the config itself describes, one after another. */
export abstract class DescribedCheckRunner<S extends DescribedSuite> implements KindRunner<S> {
  readonly #ports: DescribedCheckRunnerPorts;
  /** A suite may have thousands of checks, of which few run at a time. */
  readonly #index = new WeakMap<S['checks'], ReadonlyMap<string, CheckOf<S>>>();

  constructor(ports: DescribedCheckRunnerPorts) {
    this.#ports = ports;
  }

  async collect({ checks }: S): Promise<Collected> {
    return { checks: checks.map(({ name }) => ({ id: name })), problems: [] };
  }

  async run(
    { suite, ids, target, session }: CheckBatch & { readonly suite: S },
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#ports;
    const secrets = await readSecrets(suite.secrets, this.#ports.secrets);
    const build = buildValuesOf(target.revision, target.build);
    const values = new Map([...build.values, ...(secrets.kind === 'values' ? secrets.values : [])]);
    for (const id of ids) {
      const check = this.#find(suite.checks, id);
      if (signal.aborted || !check) continue;
      if (secrets.kind === 'fault') {
        tell({ id, outcome: 'errored', durationMs: 0, detail: secrets.detail });
        continue;
      }
      const unfilled = whyUnfilled(check, { ...build, values });
      if (unfilled !== undefined) {
        tell({ id, outcome: 'errored', durationMs: 0, detail: unfilled });
        continue;
      }
      const startedMs = clock.monotonicMs();
      const sinceMs = () => clock.monotonicMs() - startedMs;
      const leftMs = () => durationMs(suite.timeout) - sinceMs();
      const found = await this.execute(check, { target, session, values, secrets, signal, leftMs });
      // A check that was cut short has no result.
      if (!signal.aborted) tell({ ...found, id, durationMs: sinceMs() });
    }
  }

  /** Executes one check. Never rejects. */
  protected abstract execute(
    check: CheckOf<S>,
    execution: Execution,
  ): Promise<Omit<CheckResult, 'id' | 'durationMs'>>;

  #find(checks: S['checks'], name: string): CheckOf<S> | undefined {
    const known = this.#index.get(checks) ?? new Map(checks.map((check: CheckOf<S>) => [check.name, check]));
    this.#index.set(checks, known);
    return known.get(name);
  }
}
