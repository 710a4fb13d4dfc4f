import { ExecutionsClient, JobsClient } from '@google-cloud/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { googleClientOptions } from '../../../shared/adapters/google/client-options.ts';
import { type JobRef, jobNameOf } from '../../../shared/domain/checks/job-ref.ts';

const parent = 'projects/local-project/locations/us-central1';

describe('the jobs of the local Cloud Run', () => {
  let local: LocalCloud;
  let jobs: JobsClient;
  let executions: ExecutionsClient;
  const define = (job: string, script: string, more: { maxRetries?: number; timeoutMs?: number } = {}) =>
    local.jobs.define({
      job,
      container: { command: 'sh', args: ['-c', script], env: { A: '1', B: '2' } },
      ...more,
    });
  const run = async (ref: JobRef, overrides: object = {}) => {
    const [operation] = await jobs.runJob({ name: jobNameOf(ref), overrides });
    const name = local.jobs.get(ref).executions.at(-1)?.name ?? '';
    return { operation, name, execution: local.jobs.execution(name) };
  };
  const lines = (name: string) =>
    local.jobs
      .execution(name)
      .logs.entries()
      .filter(({ stream }) => stream !== 'platform')
      .map(({ text }) => text);

  beforeAll(async () => {
    local = await LocalCloud.start({ profile: 'fast', overrides: { shutdownGraceMs: 2_000 } });
    const options = await googleClientOptions({ endpoint: local.endpoint });
    jobs = new JobsClient(options);
    executions = new ExecutionsClient(options);
  });
  afterAll(async () => {
    await Promise.all([jobs.close(), executions.close()]);
    await local.stop();
  });

  it('merges variables by name, and tells a task what it is', async () => {
    const ref = define(
      'variables',
      'echo "$A $B $C $CLOUD_RUN_JOB $CLOUD_RUN_TASK_INDEX/$CLOUD_RUN_TASK_COUNT"',
    );
    const env = [
      { name: 'B', value: 'two' },
      { name: 'C', value: 'three' },
    ];
    const { name, execution } = await run(ref, { containerOverrides: [{ env }] });
    await execution.ended;
    expect(lines(name)).toEqual(['1 two three variables 0/1']);
  });

  it('names the execution in the operation at once, and ends the operation with it', async () => {
    const { operation, name } = await run(define('operation', 'exit 0'));
    expect(operation.metadata).toMatchObject({ name });
    const [result] = await operation.promise();
    expect(result).toMatchObject({ name, succeededCount: 1 });
  });

  it('ends the operation of a failed execution with an error, and of a cancelled one without', async () => {
    const failing = await run(define('failing', 'exit 1'));
    await expect(failing.operation.promise()).rejects.toThrow(/failed/);
    const hanging = await run(define('hanging', 'exec sleep 600'));
    const [cancelling] = await executions.cancelExecution({ name: hanging.name });
    const [cancelled] = await cancelling.promise();
    expect(cancelled).toMatchObject({ cancelledCount: 1, succeededCount: 0 });
    const [result] = await hanging.operation.promise();
    expect(result).toMatchObject({ cancelledCount: 1 });
  });

  it('tries a failed task again as often as the job says', async () => {
    const ref = define('retrying', '[ "$CLOUD_RUN_TASK_ATTEMPT" = 2 ]', { maxRetries: 2 });
    const { name, execution } = await run(ref);
    await execution.ended;
    const [read] = await executions.getExecution({ name });
    expect(read).toMatchObject({ succeededCount: 1, failedCount: 0, retriedCount: 2 });
  });

  it('asks a task to end before it kills it', async () => {
    const script = 'trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.05; done';
    const { name, execution } = await run(define('polite', script));
    await execution.logs.find(/ready/);
    await executions.cancelExecution({ name });
    await execution.ended;
    expect(execution.outcome).toBe('cancelled');
    expect(lines(name)).toContain('bye');
  });

  it('kills a task that does not end, with all its children', async () => {
    const script = 'trap "" TERM; (trap "" TERM; exec sleep 600) & echo ready; wait';
    const { name, execution } = await run(define('deaf', script));
    await execution.logs.find(/ready/);
    execution.cancel(50);
    // Not before every process has let go of the container's output.
    await execution.ended;
    expect(execution.outcome).toBe('cancelled');
    await expect(executions.cancelExecution({ name })).rejects.toThrow(/already ended/);
  });

  it('fails an execution whose image does not exist', async () => {
    const job = { template: { template: { containers: [{ image: 'no/such/image' }], maxRetries: 0 } } };
    const [creating] = await jobs.createJob({ parent, jobId: 'no-image', job });
    await creating.promise();
    const { name, execution } = await run({
      project: 'local-project',
      region: 'us-central1',
      job: 'no-image',
    });
    await execution.ended;
    const [read] = await executions.getExecution({ name });
    expect(read.conditions).toMatchObject([
      { type: 'Completed', state: 'CONDITION_FAILED', message: "Image 'no/such/image' not found." },
    ]);
  });

  it.each([
    ['two containers', { template: { template: { containers: [{ image: 'a' }, { image: 'b' }] } } }],
    ['no image', { template: { template: { containers: [{ command: ['sh'] }] } } }],
    ['too many retries', { template: { template: { containers: [{ image: 'a' }], maxRetries: 11 } } }],
    ['no template', {}],
  ])('does not take a job with %s', async (_, job) => {
    await expect(jobs.createJob({ parent, jobId: 'bad', job })).rejects.toMatchObject({ code: 3 });
    await expect(jobs.getJob({ name: `${parent}/jobs/bad` })).rejects.toMatchObject({ code: 5 });
  });

  it('reads a job as it was defined, and not twice by one name', async () => {
    const ref = define('read', 'exit 0', { maxRetries: 0, timeoutMs: 90_000 });
    const [job] = await jobs.getJob({ name: jobNameOf(ref) });
    expect(job.template?.template).toMatchObject({ maxRetries: 0, timeout: { seconds: '90' } });
    expect(() => define('read', 'exit 0')).toThrow(/already exists/);
  });

  it('does not override a container that is not there', async () => {
    const ref = define('named', 'exit 0');
    const containerOverrides = [{ name: 'sidecar', args: ['x'] }];
    await expect(jobs.runJob({ name: jobNameOf(ref), overrides: { containerOverrides } })).rejects.toThrow(
      /sidecar/,
    );
    expect(local.jobs.get(ref).executions).toEqual([]);
  });

  it('starts a container only after the delay of its profile', async () => {
    await using slow = await LocalCloud.start({ profile: 'fast', overrides: { jobStartMs: [300, 300] } });
    const ref = slow.jobs.define({ job: 'slow', container: { command: 'sh', args: ['-c', 'exit 0'] } });
    const begun = performance.now();
    const execution = slow.jobs.get(ref).run(undefined);
    await execution.ended;
    expect(performance.now() - begun).toBeGreaterThanOrEqual(299);
  });

  it('ends with a container also what has made a session of its own inside', async () => {
    const { execution } = await run(
      define('session', 'trap "" TERM; setsid sh -c "echo ready; exec sleep 600" & wait'),
    );
    await execution.logs.find(/ready/);
    execution.cancel(0);
    // Not before every process has let go of the container's output.
    await execution.ended;
    expect(execution.outcome).toBe('cancelled');
  });

  it('leaves nothing behind when the cloud stops', async () => {
    const other = await LocalCloud.start({ profile: 'fast' });
    const ref = other.jobs.define({
      job: 'left',
      container: { command: 'sh', args: ['-c', 'echo "pid $$"; exec sleep 600'] },
    });
    const execution = other.jobs.get(ref).run(undefined);
    const { text } = await execution.logs.find(/pid/);
    await other.stop();
    expect(() => process.kill(Number(text.slice(4)), 0)).toThrow(/ESRCH/);
  });
});
