import { beforeEach, describe, expect, it } from '@jest/globals';
import { SecretEnvironments } from '../../../shared/adapters/checks/command/secret-environments.ts';
import { JobCheckRunner } from '../../../shared/adapters/checks/job/job-check-runner.ts';
import type { JobOverrides } from '../../../shared/ports/jobs.ts';
import { collectResults } from '../../../shared/services/collect-results.ts';
import { collectPortsOf } from '../../../shared/services/jobs/collect-ports.ts';
import { JobBench, jobRef } from '../../adapters/checks/job/job-bench.ts';
import { FakeJobs } from '../../adapters/jobs/fake-jobs.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { silent, World } from '../../world/world.ts';

interface Execution {
  readonly mode: 'list' | 'run';
  readonly revision: string;
  readonly ids: readonly string[];
}
/** How an execution's tests end; undefined: as if its container had never started. */
type Outcome = ((id: string) => 'passed' | 'failed') | undefined;

const all = ['sign-in', 'search', 'pay'];
const suite = { ...new JobBench().suite(), priority: 'P1' as const, startup: '1s' };

/** The loop with a fake job, whose agent asks collect-results over the loop's own store. */
class JobWorld {
  readonly executions: Execution[] = [];
  outcome: (execution: Execution) => Outcome = () => () => 'passed';
  /** How many answers with work are still to be lost, so that their agents ask again. */
  lost = 0;
  started = 0;
  readonly world: World;

  private constructor(world: World) {
    this.world = world;
    const { store, clock, ports } = world;
    const jobs = new FakeJobs([[jobRef, (overrides, signal) => this.#execute(overrides, signal)]]);
    const checks = new JobCheckRunner({
      jobs,
      store,
      clock,
      random: ports.random,
      log: silent,
      readAgent: () => '',
      collectUrl: 'https://collect.example',
    });
    world.intercept(() => ({
      checks: {
        environment: 'function',
        collect: (_suite, target, signal) => checks.collect(suite, target, signal),
        run: (batch, tell, signal) => checks.run({ ...batch, suite }, tell, signal),
      },
    }));
  }

  static async create(): Promise<JobWorld> {
    const tests = { ...aServiceConfig().tests, workers: 2 };
    const world = await World.create({ config: aConfig(aServiceConfig({ suites: [suite], tests })) });
    await world.deployGood('web-1');
    return new JobWorld(world);
  }

  async deploy(revision: string): Promise<number> {
    const startedMs = this.world.clock.monotonicMs();
    await this.world.finishBuild(this.world.deployByBuild(revision));
    return this.world.clock.monotonicMs() - startedMs;
  }

  async #execute({ env }: JobOverrides, signal: AbortSignal): Promise<number> {
    const { clock } = this.world;
    await clock.sleep(8_000);
    this.started++;
    if (this.lost > 0) {
      this.lost--;
      await this.#ask('GET', '/shard', env?.DEPLOY_LOOP_JOB_TOKEN, {}, '');
    }
    const given = await this.#ask('GET', '/shard', env?.DEPLOY_LOOP_JOB_TOKEN, {}, '');
    const { text = '' } = given;
    if (given.status !== 200) return given.status === 410 ? 0 : 75;
    const [head = '', ids = ''] = text.split('\n\n');
    const mode = head.includes('\nmode list\n') ? 'list' : 'run';
    const revision = /^env DEPLOY_LOOP_REVISION=(.*)$/m.exec(head)?.[1] ?? '';
    const execution: Execution = { mode, revision, ids: ids.split('\n').filter((id) => id !== '') };
    this.executions.push(execution);
    const outcome = this.outcome(execution);
    if (outcome === undefined) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return 143;
    }
    await clock.sleep(20_000);
    const cases = execution.ids.map((id) => {
      const inside = outcome(id) === 'failed' ? '<failure message="no"/>' : '';
      return `<testcase name="${id}" time="2">${inside}</testcase>`;
    });
    const token = /^token (.*)$/m.exec(head)?.[1];
    const body = mode === 'list' ? all.join('\n') : `<testsuite>${cases.join('')}</testsuite>`;
    const headers = {
      'x-deploy-loop-exit': '0',
      'x-deploy-loop-outcome': 'completed',
      'x-deploy-loop-body': 'present',
    };
    return (await this.#ask('POST', '/results', token, headers, body)).status === 200 ? 0 : 77;
  }

  async #ask(
    method: string,
    target: string,
    token: string | undefined,
    headers: Readonly<Record<string, string>>,
    body: string,
  ) {
    const { store, clock, ports } = this.world;
    const { random } = ports;
    const given = {
      'content-length': String(Buffer.byteLength(body)),
      authorization: `Bearer ${token ?? ''}`,
    };
    const request = {
      method,
      target,
      headers: { ...headers, ...given },
      body: async () => Buffer.from(body),
    };
    const secrets = { value: async () => '' };
    const tokens = { idToken: async () => 'an-id-token' };
    const environments = new SecretEnvironments({ secrets, tokens, own: {} });
    return await collectResults(request, collectPortsOf({ store, clock, random, log: silent, environments }));
  }
}

describe('a run whose tests are in a job', () => {
  let jobs: JobWorld;
  let world: World;
  beforeEach(async () => {
    jobs = await JobWorld.create();
    world = jobs.world;
  });

  it('passes, with one execution to list and one for each shard', async () => {
    await jobs.deploy('web-2');
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    const runs = jobs.executions.filter(({ mode }) => mode === 'run');
    expect(jobs.executions.length - runs.length).toBe(1);
    expect(runs.flatMap(({ ids }) => ids).toSorted()).toEqual(all.toSorted());
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('puts traffic back when a test fails there twice, and passes on the stable revision', async () => {
    jobs.outcome =
      ({ revision }) =>
      (id) =>
        id === 'pay' && revision === 'web-2' ? 'failed' : 'passed';
    await jobs.deploy('web-2');
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', reasons: [{ code: 'regression' }] });
    expect(await world.spec()).toEqual([['web-1', 100]]);
    expect(jobs.executions.filter(({ ids }) => ids.includes('pay')).map(({ revision }) => revision)).toEqual([
      'web-2',
      'web-2',
      'web-1',
      'web-2',
    ]);
  });

  it('blames nobody for what fails on the stable revision too', async () => {
    jobs.outcome = () => (id) => (id === 'pay' ? 'failed' : 'passed');
    await jobs.deploy('web-2');
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'known-failures' }],
    });
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('goes on without an execution that is lost, long before the stage would end', async () => {
    let isLost = false;
    jobs.outcome = ({ mode }) => {
      if (mode === 'list' || isLost) return () => 'passed';
      isLost = true;
      return undefined;
    };
    const ms = await jobs.deploy('web-2');
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect(ms).toBeLessThan(15 * 60_000);
  });

  it('starts a job again whose answer with the work was lost, for the list and for a shard', async () => {
    jobs.lost = 1;
    await jobs.deploy('web-2');
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    const shards = jobs.executions.filter(({ mode }) => mode === 'run').length;
    jobs.outcome = ({ mode }) => {
      if (mode === 'list') jobs.lost = 1;
      return () => 'passed';
    };
    const startedBefore = jobs.started;
    await jobs.deploy('web-3');
    expect(await world.run('web-3')).toMatchObject({ verdict: 'pass' });
    expect(jobs.started - startedBefore).toBe(1 + shards + 1);
  });

  it('is inconclusive, blames nobody and ends when every answer with work is lost', async () => {
    jobs.outcome = ({ mode }) => {
      if (mode === 'list') jobs.lost = Number.POSITIVE_INFINITY;
      return () => 'passed';
    };
    await jobs.deploy('web-2');
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'inconclusive' });
    expect(await world.spec()).toEqual([['LATEST', 100]]);
    // Each shard twice at most, and the list once.
    expect(jobs.started).toBeLessThanOrEqual(1 + 2 * all.length);
  });

  it('is inconclusive, and never green, when every execution is lost', async () => {
    jobs.outcome = ({ mode }) => (mode === 'list' ? () => 'passed' : undefined);
    await jobs.deploy('web-2');
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'inconclusive' });
    expect(await world.spec()).toEqual([['LATEST', 100]]);
  });

  it('is inconclusive when its tests cannot be listed', async () => {
    jobs.outcome = () => undefined;
    await jobs.deploy('web-2');
    const run = await world.run('web-2');
    expect(run).toMatchObject({ state: 'closed', verdict: 'inconclusive' });
    expect(run?.reasons[0]?.text).toMatch(/submitted no report within/);
  });
});
