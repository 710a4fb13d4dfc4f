import type { Suite } from '../../shared/contracts/suites/suite.ts';
import type { CheckResult } from '../../shared/domain/checks/check-result.ts';
import type { CheckBatch, CheckRunner, CheckTarget, Collected } from '../../shared/ports/check-runner.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { suiteChecks } from '../builders.ts';

/** What one execution of a check gives; undefined: it passes. `lost`: it never ends, or is never told. */
export type Answer = Partial<CheckResult> | 'lost' | undefined;
export interface Asked {
  readonly id: string;
  readonly suite: string;
  readonly revision: string;
  readonly attempt: number;
  /** Whether it shares its connection with others. */
  readonly shares: boolean;
}

/** Checks that take a fake clock's time and end as a test says. */
export class FakeChecks implements CheckRunner {
  readonly environment = 'process';
  readonly #clock: Clock;
  /** Every execution, in order. */
  readonly asked: Asked[] = [];
  /** How each ends. */
  answer: (asked: Asked, target: CheckTarget) => Answer | Promise<Answer> = () => undefined;
  /** What a suite consists of; default: what its config says. */
  collected: (suite: Suite) => Collected = (suite) => ({
    checks: suiteChecks(suite).map((id) => ({ id })),
    problems: [],
  });
  /** What one execution takes. */
  durationMs = 100;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async collect(suite: Suite): Promise<Collected> {
    return this.collected(suite);
  }

  async run(
    { suite, ids, target, attempt, session }: CheckBatch,
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for (const id of ids) {
      if (signal.aborted) return;
      const asked = {
        id,
        suite: suite.name,
        revision: target.revision,
        attempt,
        shares: session !== undefined,
      };
      this.asked.push(asked);
      const answer = await this.answer(asked, target);
      await this.#clock.sleep(this.durationMs);
      if (signal.aborted || answer === 'lost') continue;
      tell({ id, outcome: 'passed', durationMs: this.durationMs, ...answer });
    }
  }
}
