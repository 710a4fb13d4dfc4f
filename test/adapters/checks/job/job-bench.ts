import { JobCheckRunner } from '../../../../shared/adapters/checks/job/job-check-runner.ts';
import { SystemRandom } from '../../../../shared/adapters/system-random.ts';
import { RevisionNameSchema } from '../../../../shared/contracts/id-schemas.ts';
import { type CommandSuite, CommandSuiteSchema } from '../../../../shared/contracts/suites/command-suite.ts';
import type { CheckResult } from '../../../../shared/domain/checks/check-result.ts';
import type { JobRef } from '../../../../shared/domain/checks/job-ref.ts';
import type { CheckTarget, Collected } from '../../../../shared/ports/check-runner.ts';
import type { JobOverrides, Jobs } from '../../../../shared/ports/jobs.ts';
import type { Store } from '../../../../shared/ports/store.ts';
import { aRunId, JobDesk } from '../../../services/jobs/job-desk.ts';
import { silent } from '../../../world/world.ts';
import { FakeJobs } from '../../jobs/fake-jobs.ts';

export const jobRef: JobRef = { project: 'acme-staging', region: 'us-central1', job: 'my-tests' };
export const target: CheckTarget = {
  runId: aRunId,
  revision: RevisionNameSchema.parse('web-2'),
  url: 'https://web.example',
  authenticate: 'auto',
  audience: 'https://web.example',
  edges: [],
};

export const passed = (...ids: readonly string[]) =>
  `<testsuite>${ids.map((id) => `<testcase name="${id}" time="0.5"/>`).join('')}</testsuite>`;

/** What an execution does; the signal is its cancellation. @returns its exit code */
export type Program = (token: string, signal: AbortSignal) => Promise<number>;

/** The runner of jobs over fakes: the program of the job is the test's, the rest is real. */
export class JobBench {
  readonly desk = new JobDesk();
  program: Program = async () => 0;
  readonly fakes = new FakeJobs([
    [jobRef, ({ env }: JobOverrides, signal) => this.program(env?.DEPLOY_LOOP_JOB_TOKEN ?? '', signal)],
  ]);
  /** What stands between the runner and the fake jobs. */
  jobs: Jobs = this.fakes;
  store: Store = this.desk.memory;
  collectUrl: string | undefined = 'https://collect.example';
  readonly never = new AbortController().signal;

  suite(changes: object = {}): CommandSuite {
    return CommandSuiteSchema.parse({
      name: 'e2e',
      kind: 'command',
      job: 'projects/acme-staging/locations/us-central1/jobs/my-tests',
      list: 'list',
      run: 'run {tests} {results}',
      ...changes,
    });
  }

  async collect(changes: object = {}, signal = this.never): Promise<Collected> {
    return await this.#runner().collect(this.suite(changes), target, signal);
  }

  async run(
    ids: readonly string[],
    {
      suite = {},
      signal = this.never,
      claim = 1,
    }: { suite?: object; signal?: AbortSignal; claim?: number } = {},
  ): Promise<readonly CheckResult[]> {
    const told: CheckResult[] = [];
    const batch = { suite: this.suite(suite), ids, target, attempt: 1, work: { shard: 3, claim } };
    await this.#runner().run(batch, (result) => told.push(result), signal);
    return told;
  }

  #runner(): JobCheckRunner {
    const { jobs, store, collectUrl } = this;
    const { clock } = this.desk;
    const readAgent = () => 'the agent';
    const random = new SystemRandom();
    return new JobCheckRunner({ jobs, store, clock, random, log: silent, readAgent, collectUrl });
  }
}
