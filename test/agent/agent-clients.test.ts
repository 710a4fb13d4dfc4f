import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Collector, reportToken, token } from './collector.ts';
import { RunningAgent, Toolbox, which } from './run-agent.ts';

/** Itself, not the launcher of a version manager. */
function realPython(): string | undefined {
  if (which('python3') === undefined) return undefined;
  return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
}

const busybox = which('busybox');
const shells: (readonly [string, readonly string[]])[] = [
  ['sh', ['/bin/sh']],
  ['dash', [which('dash') ?? 'dash']],
  ['bash, as POSIX', [which('bash') ?? 'bash', '--posix']],
  ['BusyBox sh', [busybox ?? 'busybox', 'sh']],
];
const clients: (readonly [string, string, string | undefined])[] = [
  ['curl', 'curl', which('curl')],
  ['GNU wget', 'wget', which('wget')],
  ['python3', 'python3', realPython()],
  ['node', 'node', process.execPath],
  ['BusyBox wget', 'wget', busybox],
];
const table = shells.flatMap(([shellName, shell]) =>
  clients.map(([name, program, place]) => ({ shellName, shell, name, program, place })),
);

describe.each(table)('the agent in $shellName, with $name', ({ shell, name, program, place }) => {
  const there = place !== undefined && which(shell[0]?.split('/').at(-1) ?? '') !== undefined;
  const test = there ? it : it.skip;
  const tools = () => new Toolbox(['setsid', [program, place ?? '']]);

  test('runs a shard, over a server that is overloaded at first', async () => {
    using box = tools();
    const tests = ['x y', '$z'];
    await using collector = await new Collector({ tests }).listen();
    collector.statuses['GET /collect/shard'] = [503];
    collector.statuses['POST /collect/results'] = [500, 201];
    using agent = new RunningAgent({ url: collector.url, shell, path: box.path });
    expect(await agent.end()).toBe(0);
    expect(collector.lines).toHaveLength(4);
    expect(collector.requests.at(-1)).toMatchObject({
      body: 'x y\n$z\n',
      headers: {
        authorization: `Bearer ${reportToken}`,
        'content-type': 'application/octet-stream',
        'x-deploy-loop-exit': '0',
        'x-deploy-loop-outcome': 'completed',
        'x-deploy-loop-body': 'present',
      },
    });
    for (const one of [token, reportToken]) expect(`${agent.output}${agent.errors}`).not.toContain(one);
  });

  test('knows a refusal, and a report that was taken before', async () => {
    using box = tools();
    await using refusing = await new Collector().listen();
    refusing.statuses['GET /collect/shard'] = [403];
    using first = new RunningAgent({ url: refusing.url, shell, path: box.path });
    expect(await first.end()).toBe(77);
    await using knowing = await new Collector().listen();
    knowing.statuses['POST /collect/results'] = [409];
    using second = new RunningAgent({ url: knowing.url, shell, path: box.path });
    expect(await second.end()).toBe(0);
  });

  test('hands in what there is when it is told to end', async () => {
    using box = tools();
    const command = 'echo half >"$DEPLOY_LOOP_RESULTS_FILE"; sleep 600 & echo hanging; sleep 600';
    await using collector = await new Collector({ command }).listen();
    using agent = new RunningAgent({ url: collector.url, shell, path: box.path });
    await agent.printed('hanging');
    agent.signal('SIGTERM');
    expect(await agent.end()).toBe(0);
    expect(collector.report.body).toBe('half\n');
    expect(collector.report.headers['x-deploy-loop-outcome']).toBe('cancelled');
  });

  // BusyBox wget takes headers from its arguments only; it is the last choice.
  (there && name !== 'BusyBox wget' ? it : it.skip)(
    'shows no token in arguments, environments and files',
    async () => {
      using box = tools();
      const recorded = join(box.path, 'recorded');
      const wrapper = join(box.path, 'wrapped');
      // Before the client runs, so without what it writes: the answer.
      const look = [
        `{ tr '\\0' '\\n' </proc/$$/cmdline; env; cat "$TMPDIR"/deploy-loop-*/* 2>/dev/null; } >>'${recorded}'`,
        `tr '\\0' '\\n' </proc/$PPID/environ >>'${recorded}'`,
        `exec '${place}' "$@"`,
      ];
      writeFileSync(wrapper, `#!/bin/sh\n${look.join('\n')}\n`);
      chmodSync(wrapper, 0o755);
      using wrapped = new Toolbox(['setsid', [program, wrapper]]);
      await using collector = await new Collector().listen();
      using agent = new RunningAgent({ url: collector.url, shell, path: wrapped.path });
      expect(await agent.end()).toBe(0);
      const seen = readFileSync(recorded, 'utf8');
      expect(seen.split(`DEPLOY_LOOP_COLLECT_URL=${collector.url}`).length).toBeGreaterThan(2);
      // Spent: this is how the job was started.
      expect(seen.replaceAll(`DEPLOY_LOOP_JOB_TOKEN=${token}`, '')).not.toContain(token);
      expect(seen).not.toContain(reportToken);
    },
  );
});
