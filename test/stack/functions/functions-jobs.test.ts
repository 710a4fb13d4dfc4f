import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { RunIdSchema } from '../../../shared/contracts/id-schemas.ts';
import { jobReportsOf, jobsOf } from '../../../shared/contracts/records.ts';
import { JobNameSchema } from '../../../shared/contracts/suites/job-name.ts';
import { describeWithFirestore } from '../../emulators/needs.ts';
import { FunctionsStack, stackStartMs } from './functions-stack.ts';

/** Tests in a language that every image has: each asks one page of the revision. */
const run = `{
  echo '<testsuite>'
  for id in {tests}; do
    case $id in page-*) page=\${id#page-} ;; *) page=0 ;; esac
    if curl -sSf -o /dev/null "$DEPLOY_LOOP_URL/wait/5?page=$page"; then
      echo "<testcase name=\\"$id\\" time=\\"0.01\\"/>"
    else
      echo "<testcase name=\\"$id\\" time=\\"0.01\\"><failure message=\\"page $page: $SIGN_IN\\"/></testcase>"
    fi
  done
  echo '</testsuite>'
} >{results}`;

const secret = 'hunter2-and-more';
const suite = {
  name: 'e2e',
  kind: 'command',
  priority: 'P1',
  job: 'projects/acme-staging/locations/us-central1/jobs/my-tests',
  list: `printf '%s\\n' page-1 'it is $(kill -9 $$)' page-7 page-8`,
  run,
  secrets: { SIGN_IN: { env: 'TEST_SIGN_IN' } },
};
/** What the agent's head tells users to create. */
const job = { job: 'my-tests', container: { command: 'sh' } };

describeWithFirestore('the functions, with tests that run in a Cloud Run job,', () => {
  let stack: FunctionsStack;
  beforeAll(async () => {
    stack = await FunctionsStack.start({
      services: ['healthy', 'broken'],
      config: { suites: [suite], tests: { workers: 2 } },
      jobs: [job],
      variables: { TEST_SIGN_IN: secret },
    });
  }, stackStartMs);
  afterAll(() => stack[Symbol.asyncDispose]());

  it('record a revision as good whose tests pass', async () => {
    const { revision, runId } = await stack.build('healthy', webContainer({ VERSION: '2' }));
    await stack.pipeline.idle();

    const { run: report, decisions } = await stack.report(runId);
    expect(report).toMatchObject({ state: 'closed', verdict: 'pass' });
    expect(decisions).toContainEqual(expect.objectContaining({ stage: 'tests', verdict: 'pass' }));
    expect(await stack.serving('healthy')).toEqual({ [revision]: 100 });
  });

  it('put traffic back when a test fails there and passes on the stable revision', async () => {
    const stable = await stack.serving('broken');
    const { runId } = await stack.build('broken', webContainer({ BROKEN: 'page=7' }));
    await stack.pipeline.idle();

    expect((await stack.report(runId)).run).toMatchObject({
      verdict: 'fail',
      action: 'rollback',
      outcome: { code: 'restored' },
      reasons: [{ code: 'regression', text: expect.stringContaining('e2e: page-7') }],
    });
    expect(await stack.serving('broken')).toEqual(stable);
  });

  it('leave neither a token nor a secret in records, logs, or what was started', async () => {
    const { store } = stack.pipeline.ports;
    const runs = await stack.reports();
    const records = await Promise.all(
      runs.map(async ({ run }) => {
        const id = RunIdSchema.parse(run.id);
        return [
          await store.find({ collection: jobsOf(id), where: [], limit: 100 }),
          await store.find({ collection: jobReportsOf(id), where: [], limit: 100 }),
        ];
      }),
    );
    const written = JSON.stringify([runs, records, stack.pipeline.printed()]);
    expect(written).toContain('page 7: [SIGN_IN]');
    expect(written).not.toContain(secret);
    expect(written).not.toMatch(/dl1\.[0-9a-f]{20}\./);
    // A token is what an execution is given, and nothing else of worth.
    const { executions } = stack.cloud.jobs.get(JobNameSchema.parse(suite.job));
    expect(executions.length).toBeGreaterThan(4);
    expect(JSON.stringify(executions.map((execution) => execution.render()))).not.toContain(secret);
  });

  it('refuse who comes without a token, before anything of what they send is read', async () => {
    const post = { method: 'POST', path: '/results' } as const;
    const ask = (headers: Readonly<Record<string, string>>, body: string) =>
      stack.pipeline.ask('collect-results', { ...post, headers, body });
    expect(await stack.pipeline.ask('collect-results', { path: '/shard' })).toMatchObject({
      status: 401,
      text: '',
    });
    expect(await stack.pipeline.ask('collect-results', { path: '/' })).toMatchObject({ status: 404 });
    expect(await ask({ 'content-type': 'application/json' }, '{ no JSON')).toMatchObject({ status: 401 });
    expect(await ask({ 'content-encoding': 'gzip' }, 'no gzip')).toMatchObject({ status: 415 });
    const elsewhere = {
      method: 'POST',
      path: '/',
      headers: { 'content-encoding': 'gzip' },
      body: 'x',
    } as const;
    expect(await stack.pipeline.ask('collect-results', elsewhere)).toMatchObject({ status: 404 });
  });
});
