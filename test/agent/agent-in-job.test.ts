import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalCloud } from '../../infra/local/local-cloud.ts';
import { GoogleJobs } from '../../shared/adapters/google/google-jobs.ts';
import { readAgent } from '../../shared/agent/read-agent.ts';
import { agentOverrides } from '../../shared/contracts/suites/agent-overrides.ts';
import type { JobRef } from '../../shared/domain/checks/job-ref.ts';
import { Collector, token } from './collector.ts';

describe('the agent in a Cloud Run job', () => {
  let local: LocalCloud;
  let jobs: GoogleJobs;
  let ref: JobRef;
  const start = (collector: Collector) =>
    jobs.start(ref, agentOverrides({ agent: readAgent(), collectUrl: collector.url, token }));

  beforeAll(async () => {
    local = await LocalCloud.start({ profile: 'fast', overrides: { shutdownGraceMs: 10_000 } });
    jobs = new GoogleJobs({ endpoint: local.endpoint });
    // What the head of the script tells users to create, and nothing more.
    ref = local.jobs.define({ job: 'my-tests', container: { command: 'sh' }, maxRetries: 1 });
  });
  afterAll(async () => {
    await jobs.close();
    await local.stop();
  });

  it('runs a shard in a job that only names sh', async () => {
    await using collector = await new Collector({ tests: ['one', 'two'] }).listen();
    const execution = await start(collector);
    await local.jobs.execution(execution).ended;
    expect(await jobs.state(execution)).toEqual({ kind: 'succeeded' });
    expect(collector.report.body).toBe('one\ntwo\n');
  });

  it('succeeds with failing tests, so that the platform does not repeat them', async () => {
    await using collector = await new Collector({
      command: 'echo x >"$DEPLOY_LOOP_RESULTS_FILE"; exit 1',
    }).listen();
    const execution = await start(collector);
    await local.jobs.execution(execution).ended;
    expect(await jobs.state(execution)).toEqual({ kind: 'succeeded' });
    expect(collector.report.headers['x-deploy-loop-exit']).toBe('1');
  });

  it('hands in what there is when its execution is cancelled', async () => {
    const command = 'echo half >"$DEPLOY_LOOP_RESULTS_FILE"; echo hanging; sleep 600';
    await using collector = await new Collector({ command }).listen();
    const execution = await start(collector);
    await local.jobs.execution(execution).logs.find(/^hanging$/);
    await jobs.cancel(execution);
    await local.jobs.execution(execution).ended;
    expect(await jobs.state(execution)).toEqual({ kind: 'cancelled' });
    expect(collector.report.body).toBe('half\n');
    expect(collector.report.headers['x-deploy-loop-outcome']).toBe('cancelled');
  });

  it('is harmless when the platform starts it once more', async () => {
    await using collector = await new Collector().listen();
    collector.statuses['GET /collect/shard'] = [400, 410];
    const execution = await start(collector);
    await local.jobs.execution(execution).ended;
    expect(await jobs.state(execution)).toEqual({ kind: 'succeeded' });
    expect(collector.lines).toEqual(['GET /collect/shard', 'GET /collect/shard']);
  });

  it('fails its execution, and so is started anew, when its shard was given out before', async () => {
    await using collector = await new Collector().listen();
    collector.statuses['GET /collect/shard'] = [409, 409];
    const execution = await start(collector);
    await local.jobs.execution(execution).ended;
    expect(await jobs.state(execution)).toMatchObject({ kind: 'failed' });
  });

  it('fails its execution with a token that is refused', async () => {
    await using collector = await new Collector().listen();
    collector.statuses['GET /collect/shard'] = [403, 403];
    const execution = await start(collector);
    await local.jobs.execution(execution).ended;
    expect(await jobs.state(execution)).toMatchObject({ kind: 'failed' });
    expect(
      local.jobs
        .logs(execution)
        .map(({ text }) => text)
        .join('\n'),
    ).not.toContain(token);
  });
});
