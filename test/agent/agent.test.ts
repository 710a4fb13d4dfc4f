import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../infra/local/process/free-port.ts';
import { readAgent } from '../../shared/agent/read-agent.ts';
import { JobReportSchema, maxReportBytes } from '../../shared/contracts/suites/job-api.ts';
import { Collector, reportToken, token } from './collector.ts';
import { RunningAgent, which } from './run-agent.ts';

const get = 'GET /collect/shard';
const post = 'POST /collect/results';

describe('the agent of a job', () => {
  it('fits into a variable of a Cloud Run job', () => {
    expect(Buffer.byteLength(readAgent())).toBeLessThan(32_768);
  });

  it('fetches its shard, runs the command, and hands in the report with the exit code', async () => {
    const command = [
      'for f in "$DEPLOY_LOOP_TESTS_FILE"; do',
      '',
      '  sed "s/^/ran /" "$f" >"$DEPLOY_LOOP_RESULTS_FILE"',
      'done',
      'echo "at $DEPLOY_LOOP_URL"; echo "$MOOD" >&2',
      'exit 3',
    ].join('\n');
    const env = { DEPLOY_LOOP_URL: 'https://x.test/?a=1', MOOD: `it's "good" $(exit 9) \\` };
    const tests = [
      'a.spec.ts › pays in €',
      '-rf $(reboot) `x`',
      ` "quoted' %s \\n `,
      '*',
      'command',
      'env A=1',
    ];
    await using collector = await new Collector({ command, env, tests }).listen();
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(collector.lines).toEqual([get, post]);
    const { headers, body } = collector.report;
    expect(body).toBe(tests.map((id) => `ran ${id}\n`).join(''));
    expect(JobReportSchema.parse(headers)).toEqual({ exitCode: 3, outcome: 'completed', body: 'present' });
    expect(agent.output).toBe('at https://x.test/?a=1\n');
    expect(agent.errors).toContain(`${env.MOOD}\n`);
    expect(readdirSync(agent.folder)).toEqual([]);
  });

  it('hands in what the command prints when it is to list', async () => {
    const command = 'echo "one two"; echo three; echo noise >&2; exit 1';
    await using collector = await new Collector({ mode: 'list', command, tests: [] }).listen();
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(collector.report.body).toBe('one two\nthree\n');
    expect(collector.report.headers['x-deploy-loop-exit']).toBe('1');
    expect(agent.output).toBe('');
  });

  it.each([
    ['sh', ['/bin/sh'], {}],
    // An image may have told it to export all variables, and to print what it does.
    ['bash', [which('bash') ?? '/bin/sh'], { SHELLOPTS: 'allexport:xtrace' }],
  ])(
    'has no token in a file, or in the environment of a process, while the command runs (%s)',
    async (_shell, shell, options) => {
      // Everything that the command can read of the agent but its memory.
      const command = [
        '{',
        '  env; set',
        '  cat "$TMPDIR"/deploy-loop-*/*',
        '  for p in /proc/[0-9]*; do',
        '    grep -qz "^TMPDIR=$TMPDIR$" "$p/environ" 2>/dev/null || continue',
        "    tr '\\0' '\\n' <\"$p/environ\"; tr '\\0' '\\n' <\"$p/cmdline\"",
        '  done',
        '  echo done',
        '} >"$DEPLOY_LOOP_RESULTS_FILE" 2>&1',
      ].join('\n');
      await using collector = await new Collector({ command, env: { SECRET: 'hunter2' } }).listen();
      const env = { dl_token: 'exported by the image', dl_report: 'this too', ...options };
      using agent = new RunningAgent({ url: collector.url, shell, env });
      expect(await agent.end()).toBe(0);
      const { body } = collector.report;
      expect(body).toMatch(/^SECRET=hunter2$/m);
      // The agent was among them: its first token is spent.
      expect(body).toContain(`DEPLOY_LOOP_JOB_TOKEN=${token}\n`);
      expect(body).toMatch(/\ndone\n$/);
      for (const text of [body, agent.output, agent.errors]) expect(text).not.toContain(reportToken);
    },
  );

  it('gives its command neither of its tokens, nor itself', async () => {
    const command = 'env >"$DEPLOY_LOOP_RESULTS_FILE"; set >>"$DEPLOY_LOOP_RESULTS_FILE"';
    await using collector = await new Collector({ command }).listen();
    using agent = new RunningAgent({ url: collector.url, env: { dl_token: 'exported by the image' } });
    expect(await agent.end()).toBe(0);
    for (const text of [collector.report.body, agent.output, agent.errors]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(reportToken);
      expect(text).not.toContain('DEPLOY_LOOP_AGENT');
    }
  });

  it('reports with its first token to a Deploy Loop that is older than it', async () => {
    await using collector = await new Collector().listen();
    collector.shard = collector.shard.replace(/^token .*\n/m, '');
    collector.reportToken = token;
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(collector.report.body).toBe('a\nb\n');
  });

  it('tries again when the other side is overloaded, and hands in one report', async () => {
    await using collector = await new Collector().listen();
    collector.statuses[get] = [503, 429, 500];
    collector.statuses[post] = [502, 503];
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(collector.lines).toEqual([get, get, get, get, post, post, post]);
    expect(new Set(collector.requests.slice(4).map(({ body }) => body))).toEqual(new Set(['a\nb\n']));
  });

  it('waits for a server that is not there yet', async () => {
    const port = await freePort();
    using agent = new RunningAgent({
      url: `http://127.0.0.1:${port}/collect`,
      env: { DEPLOY_LOOP_RETRY_WAIT_S: '1' },
    });
    await agent.complained('GET /shard: 000; retrying in 1 s');
    await using collector = await new Collector().listen(port);
    expect(await agent.end()).toBe(0);
    expect(collector.report.body).toBe('a\nb\n');
  });

  it('gives up after a bounded number of tries', async () => {
    await using collector = await new Collector({ command: 'echo ran' }).listen();
    collector.statuses[get] = Array.from({ length: 20 }, () => 503);
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(69);
    expect(collector.lines).toHaveLength(8);
    expect(agent.output).toBe('');
  });

  it('takes its own lost success for one', async () => {
    await using collector = await new Collector().listen();
    collector.statuses[post] = [504, 409];
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(agent.errors).toMatch(/nothing left to do \(409\)/);
  });

  it('says when there is no report, or an empty one', async () => {
    await using collector = await new Collector({
      command: ': >"$DEPLOY_LOOP_RESULTS_FILE"; exit 2',
    }).listen();
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(JobReportSchema.parse(collector.report.headers)).toEqual({
      exitCode: 2,
      outcome: 'completed',
      body: 'missing',
    });
    expect(collector.report.body).toBe('');
  });

  it.each([
    [maxReportBytes, 'present'],
    [maxReportBytes + 1, 'too-large'],
  ])('sends a report of %i bytes: %s', async (bytes, body) => {
    const command = `head -c ${bytes} /dev/zero | tr '\\0' x >"$DEPLOY_LOOP_RESULTS_FILE"`;
    await using collector = await new Collector({ command }).listen();
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(0);
    expect(collector.report.headers['x-deploy-loop-body']).toBe(body);
    expect(collector.report.body).toHaveLength(body === 'present' ? bytes : 0);
  });

  it('takes the report from where the suite says, whatever its name, and never an old one', async () => {
    const results = `-out "1"\\ it's.xml`;
    await using written = await new Collector({
      results,
      command: `echo new >./'-out "1"\\ it'\\''s.xml'`,
    }).listen();
    using agent = new RunningAgent({ url: written.url });
    expect(await agent.end()).toBe(0);
    expect(written.report.body).toBe('new\n');

    await using silent = await new Collector({ results: 'old.xml', command: 'true' }).listen();
    using second = new RunningAgent({ url: silent.url });
    writeFileSync(join(second.folder, 'old.xml'), 'from the image');
    expect(await second.end()).toBe(0);
    expect(silent.report.headers['x-deploy-loop-body']).toBe('missing');
  });
});
