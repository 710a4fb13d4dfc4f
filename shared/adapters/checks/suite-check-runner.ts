import type { CommandSuite } from '../../contracts/suites/command-suite.ts';
import type { HttpSuite } from '../../contracts/suites/http-suite.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import type { WebsocketSuite } from '../../contracts/suites/websocket-suite.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import type {
  CheckBatch,
  CheckEnvironment,
  CheckRunner,
  CheckTarget,
  Collected,
} from '../../ports/check-runner.ts';

/** Runs suites of one kind. */
export interface KindRunner<S extends Suite> {
  collect(suite: S, target: CheckTarget, signal: AbortSignal): Promise<Collected>;
  run(
    batch: CheckBatch & { readonly suite: S },
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface KindRunners {
  readonly http: KindRunner<HttpSuite>;
  readonly websocket: KindRunner<WebsocketSuite>;
  readonly command: KindRunner<CommandSuite>;
}

/** Hands each suite to the runner of its kind. */
export class SuiteCheckRunner implements CheckRunner {
  readonly environment: CheckEnvironment;
  readonly #runners: KindRunners;

  constructor(environment: CheckEnvironment, runners: KindRunners) {
    this.environment = environment;
    this.#runners = runners;
  }

  collect(suite: Suite, target: CheckTarget, signal: AbortSignal): Promise<Collected> {
    switch (suite.kind) {
      case 'http':
        return this.#runners.http.collect(suite, target, signal);
      case 'websocket':
        return this.#runners.websocket.collect(suite, target, signal);
      case 'command':
        return this.#runners.command.collect(suite, target, signal);
      default:
        return suite satisfies never;
    }
  }

  run(batch: CheckBatch, tell: (result: CheckResult) => void, signal: AbortSignal): Promise<void> {
    const { suite } = batch;
    switch (suite.kind) {
      case 'http':
        return this.#runners.http.run({ ...batch, suite }, tell, signal);
      case 'websocket':
        return this.#runners.websocket.run({ ...batch, suite }, tell, signal);
      case 'command':
        return this.#runners.command.run({ ...batch, suite }, tell, signal);
      default:
        return suite satisfies never;
    }
  }
}
