import { describe, expect, it } from '@jest/globals';
import { JobReportSchema } from '../../shared/contracts/suites/job-api.ts';
import { Collector } from './collector.ts';
import { RunningAgent, Toolbox } from './run-agent.ts';

/** Writes half a report, starts a child that holds the output, and hangs. */
const hangs = 'echo half >"$DEPLOY_LOOP_RESULTS_FILE"; sleep 600 & echo hanging; sleep 600';

describe('the agent of a job, when it is told to end', () => {
  it('ends the command with all that it has started, and hands in what there is', async () => {
    await using collector = await new Collector({ command: hangs }).listen();
    using agent = new RunningAgent({ url: collector.url });
    await agent.printed('hanging');
    agent.signal('SIGTERM');
    expect(await agent.end()).toBe(0);
    expect(collector.report.body).toBe('half\n');
    expect(JobReportSchema.parse(collector.report.headers)).toEqual({
      exitCode: 143,
      outcome: 'cancelled',
      body: 'present',
    });
  });

  it('lets the command finish its report', async () => {
    const command =
      'trap \'echo whole >"$DEPLOY_LOOP_RESULTS_FILE"; exit 5\' TERM; echo hanging; while :; do sleep 0.05; done';
    await using collector = await new Collector({ command }).listen();
    using agent = new RunningAgent({ url: collector.url });
    await agent.printed('hanging');
    agent.signal('SIGTERM');
    expect(await agent.end()).toBe(0);
    expect(collector.report.body).toBe('whole\n');
    expect(collector.report.headers['x-deploy-loop-outcome']).toBe('cancelled');
  });

  it('kills a command that does not listen, in time for the report', async () => {
    const command = `trap '' TERM; ${hangs}`;
    await using collector = await new Collector({ command }).listen();
    using agent = new RunningAgent({ url: collector.url });
    await agent.printed('hanging');
    const told = performance.now();
    agent.signal('SIGTERM');
    agent.signal('SIGTERM');
    expect(await agent.end()).toBe(0);
    expect(performance.now() - told).toBeLessThan(9_000);
    expect(collector.report.body).toBe('half\n');
    expect(collector.report.headers['x-deploy-loop-exit']).toBe('137');
  });

  it('ends a command that takes longer than it may', async () => {
    await using collector = await new Collector({ command: hangs, timeoutS: 1 }).listen();
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(collector.report.body).toBe('half\n');
    expect(collector.report.headers['x-deploy-loop-outcome']).toBe('timeout');
  });

  it('ends what a command has left running', async () => {
    const command = 'sleep 600 & echo done >"$DEPLOY_LOOP_RESULTS_FILE"';
    await using collector = await new Collector({ command }).listen();
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(JobReportSchema.parse(collector.report.headers)).toMatchObject({
      exitCode: 0,
      outcome: 'completed',
    });
  });

  it('reaches at least the command itself where there is no setsid', async () => {
    using tools = new Toolbox(['curl']);
    const command = 'echo half >"$DEPLOY_LOOP_RESULTS_FILE"; echo hanging; exec sleep 600';
    await using collector = await new Collector({ command }).listen();
    using agent = new RunningAgent({ url: collector.url, path: tools.path });
    await agent.printed('hanging');
    agent.signal('SIGTERM');
    expect(await agent.end()).toBe(0);
    expect(collector.report.body).toBe('half\n');
  });

  it('ends at once while it waits to ask again', async () => {
    await using collector = await new Collector({ command: 'echo ran' }).listen();
    collector.statuses['GET /collect/shard'] = [503];
    using agent = new RunningAgent({ url: collector.url, env: { DEPLOY_LOOP_RETRY_WAIT_S: '2' } });
    await agent.complained('retrying in 2 s');
    agent.signal('SIGTERM');
    expect(await agent.end()).toBe(143);
    expect(collector.lines).toEqual(['GET /collect/shard']);
    expect(agent.output).toBe('');
  });
});
