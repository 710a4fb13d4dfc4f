import { documentIn } from '../../../contracts/document.ts';
import { durationMs } from '../../../contracts/duration.ts';
import { type JobReportRecord, jobIdOf, jobListIdOf, jobListsOf } from '../../../contracts/records.ts';
import { agentOverrides } from '../../../contracts/suites/agent-overrides.ts';
import type { CommandSuite } from '../../../contracts/suites/command-suite.ts';
import { JobNameSchema } from '../../../contracts/suites/job-name.ts';
import type { CheckResult } from '../../../domain/checks/check-result.ts';
import type { ExecutionName } from '../../../domain/checks/job-ref.ts';
import type { CheckBatch, CheckTarget, Collected, CollectedCheck } from '../../../ports/check-runner.ts';
import type { Random } from '../../../ports/random.ts';
import type { KindRunner } from '../suite-check-runner.ts';
import { type AwaitPorts, awaitReport, type JobEnd } from './await-report.ts';
import { type JobOrder, taskTimeoutMs } from './job-order.ts';
import { jobScript } from './job-script.ts';
import { openOrder } from './open-order.ts';
import { splitIds } from './split-ids.ts';
import { cancelJob, startJob } from './start-job.ts';

export interface JobCheckRunnerOptions extends AwaitPorts {
  readonly random: Random;
  /** Reads the script that jobs run. */
  readonly readAgent: () => string;
  /** The URL of *collect-results*; absent: it is not configured. */
  readonly collectUrl: string | undefined;
}

type Ended = JobEnd & { readonly execution?: ExecutionName | undefined };
type Task = Pick<JobOrder, 'mode' | 'work' | 'claim' | 'ids' | 'attempt'>;

/** Runs the user's test runner in a Cloud Run job and waits for its report: no user code runs in this process. */
export class JobCheckRunner implements KindRunner<CommandSuite> {
  readonly #options: JobCheckRunnerOptions;

  constructor(options: JobCheckRunnerOptions) {
    this.#options = options;
  }

  async collect(suite: CommandSuite, target: CheckTarget, signal: AbortSignal): Promise<Collected> {
    const work = { kind: 'list', suite: suite.name } as const;
    const task: Task = { mode: 'list', work, claim: 0, ids: [], attempt: 1 };
    let end = await this.#perform(suite, target, task, signal);
    // The tests of a shard are tried again by whoever runs it.
    for (let left = suite.retries; left > 0 && end.kind === 'fault' && end.isLost; left--)
      end = await this.#perform(suite, target, task, signal);
    switch (end.kind) {
      case 'report':
        return await this.#readList(target, end.report, end.execution);
      case 'fault':
        return { checks: [], problems: [withLogs(end.detail, end.execution)] };
      default:
        return { checks: [], problems: ['it was cancelled before its job had listed its tests'] };
    }
  }

  async run(
    { suite, ids, target, attempt, work: claimed }: CheckBatch & { readonly suite: CommandSuite },
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    if (!claimed) throw new TypeError('a job runs the checks of a claimed shard');
    const { parts, unfit } = splitIds(ids, suite.run);
    unfit.forEach(tell);
    const work = { kind: 'shard', i: claimed.shard } as const;
    for (const part of parts) {
      const task: Task = { mode: 'run', work, claim: claimed.claim, ids: [...part], attempt };
      const end = await this.#perform(suite, target, task, signal);
      if (signal.aborted || end.kind === 'overtaken' || end.kind === 'aborted') return;
      for (const result of resultsOf(part, end)) tell(result);
    }
  }

  async #perform(suite: CommandSuite, target: CheckTarget, task: Task, signal: AbortSignal): Promise<Ended> {
    const { collectUrl, readAgent } = this.#options;
    if (suite.job === undefined) return { kind: 'fault', detail: noJob };
    if (collectUrl === undefined) return { kind: 'fault', detail: noCollectUrl };
    if (signal.aborted) return { kind: 'aborted' };
    const order = orderOf(suite, target, task);
    const opened = await openOrder(order, this.#options);
    if (opened.kind === 'overtaken') return opened;
    if (opened.kind === 'done')
      return awaitReport(order, { nonce: opened.nonce, execution: undefined }, signal, this.#options);
    const overrides = {
      ...agentOverrides({ agent: readAgent(), collectUrl, token: opened.token }),
      taskCount: 1,
      timeoutMs: taskTimeoutMs(order),
    };
    const started = await startJob(JobNameSchema.parse(suite.job), overrides, signal, this.#options);
    if (started.kind !== 'started') return started;
    const { execution } = started;
    this.#options.log.info(
      { runId: order.runId, job: jobIdOf(order.work), attempt: order.attempt, execution },
      'job started',
    );
    let isOver = false;
    try {
      const end = await awaitReport(order, { nonce: opened.nonce, execution }, signal, this.#options);
      isOver = end.kind === 'report';
      return { ...end, execution };
    } finally {
      // Nobody waits for an execution that is still running.
      if (execution !== undefined && !isOver) await cancelJob(execution, this.#options);
    }
  }

  async #readList(
    { runId }: CheckTarget,
    { fault, list }: JobReportRecord,
    execution: ExecutionName | undefined,
  ): Promise<Collected> {
    if (!list) return { checks: [], problems: [fault ?? 'its job submitted no list'] };
    const checks: CollectedCheck[] = [];
    const problems = list.problems.map((problem) => withLogs(problem, execution));
    for (let n = 0; n < list.parts; n++) {
      const ref = documentIn(jobListsOf(runId), jobListIdOf(list.digest, n));
      const part = await this.#options.store.get(ref);
      if (part) checks.push(...part.data.checks);
      else problems.push(`part ${n} of its list is missing`);
    }
    return { checks, problems };
  }
}

const noJob = 'functions never run commands: set `job` to a Cloud Run job, or use `deploy-loop guard`';
const noCollectUrl =
  'DEPLOY_LOOP_COLLECT_URL is not set for this function: jobs need the URL of collect-results';

function orderOf(suite: CommandSuite, target: CheckTarget, task: Task): JobOrder {
  const { name, list, run, cwd, env, secrets, suiteTimeout } = suite;
  const { runId, edges: _, ...place } = target;
  return {
    ...task,
    runId,
    suite: name,
    command: jobScript(task.mode === 'list' ? list : run, cwd),
    env,
    secrets,
    timeoutMs: durationMs(suiteTimeout),
    target: place,
  };
}

function resultsOf(
  ids: readonly string[],
  end: Extract<Ended, { kind: 'report' | 'fault' }>,
): readonly CheckResult[] {
  const fault = end.kind === 'fault' ? end.detail : end.report.fault;
  if (fault !== undefined || end.kind === 'fault') {
    const detail = withLogs(fault ?? '', end.execution);
    return ids.map((id) => ({ id, outcome: 'errored', durationMs: 0, detail }));
  }
  return end.report.results.flatMap(({ n, detail, ...result }) => {
    const id = ids[n];
    if (id === undefined) return [];
    const told =
      result.outcome === 'errored' && detail !== undefined ? withLogs(detail, end.execution) : detail;
    return [{ ...result, id, ...(told !== undefined && { detail: told }) }];
  });
}

/** Says where to find the output: only the job's own logs contain it. */
function withLogs(detail: string, execution: ExecutionName | undefined): string {
  return execution === undefined ? detail : `${detail} (logs: execution ${execution.split('/').at(-1)})`;
}
