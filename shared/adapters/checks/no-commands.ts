import type { CommandSuite } from '../../contracts/suites/command-suite.ts';
import type { Collected } from '../../ports/check-runner.ts';
import type { KindRunner } from './suite-check-runner.ts';

/** Where users' own code must not run: a suite of it is collected as a fault, and never as nothing to do. */
export class NoCommands implements KindRunner<CommandSuite> {
  async collect(): Promise<Collected> {
    return {
      checks: [],
      problems: ['commands run only in process, by `deploy-loop guard`: functions never run them'],
    };
  }

  async run(): Promise<void> {}
}
