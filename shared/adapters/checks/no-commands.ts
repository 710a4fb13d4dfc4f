import type { CommandSuite } from '../../contracts/suites/command-suite.ts';
import type { Collected } from '../../ports/check-runner.ts';
import type { KindRunner } from './suite-check-runner.ts';

/** For processes that must not run user code: a command suite is collected as a fault, never as an empty suite. */
export class NoCommands implements KindRunner<CommandSuite> {
  async collect(): Promise<Collected> {
    return {
      checks: [],
      problems: ['functions never run commands: use `deploy-loop guard`'],
    };
  }

  async run(): Promise<void> {}
}
