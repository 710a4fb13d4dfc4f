import type { CommandSuite } from '../../contracts/suites/command-suite.ts';
import type { Collected } from '../../ports/check-runner.ts';
import type { KindRunner } from './suite-check-runner.ts';

/** Where users' own code must not run: a suite of it is collected as a fault, and never as nothing to do. */
export class NoCommands implements KindRunner<CommandSuite> {
  async collect(): Promise<Collected> {
    return {
      checks: [],
      problems: ['functions never run commands: use `deploy-loop guard`'],
    };
  }

  async run(): Promise<void> {}
}
