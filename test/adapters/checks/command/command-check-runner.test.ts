import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandCheckRunner } from '../../../../shared/adapters/checks/command/command-check-runner.ts';
import { ComposedSecrets } from '../../../../shared/adapters/checks/secrets/composed-secrets.ts';
import { SystemRandom } from '../../../../shared/adapters/system-random.ts';
import { CommandSuiteSchema } from '../../../../shared/contracts/suites/command-suite.ts';
import type { CheckResult } from '../../../../shared/domain/checks/check-result.ts';
import type { BuildId, RevisionName, RunId } from '../../../../shared/domain/ids.ts';

const target = {
  runId: '0123456789abcdef0123' as RunId,
  revision: 'web-2' as RevisionName,
  build: { id: 'b-1' as BuildId, commit: 'abc1234' },
  url: 'https://web.example',
  authenticate: 'auto' as const,
  audience: 'https://web.example',
  edges: [],
};
const environment = {
  PATH: process.env.PATH,
  API_KEY: 'hunter2-and-more',
  HOME: '/home/of-the-guard',
  LC_ALL: 'C.UTF-8',
  CI: 'true',
  BROWSER_FLAGS: '--headless',
};
/** What leads to the guard's credentials, has tools load code, or leads into other systems. */
const kept = {
  GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
  CLOUDSDK_CONFIG: '/gcloud',
  CLOUDSDK_AUTH_ACCESS_TOKEN: 'ya29.x',
  GITHUB_TOKEN: 'ghp_x',
  AWS_SECRET_ACCESS_KEY: 'x',
  NPM_TOKEN: 'x',
  npm_config__authToken: 'x',
  NODE_OPTIONS: '--require=/x.js',
  PYTHONSTARTUP: '/x.py',
  LD_PRELOAD: '/x.so',
  BASH_ENV: '/x.sh',
  SSH_AUTH_SOCK: '/agent.sock',
  XDG_CONFIG_HOME: '/config',
  KUBECONFIG: '/kube',
  DOCKER_CONFIG: '/docker',
  HTTPS_PROXY: 'http://user:password@proxy',
  DEPLOY_LOOP_JOB_TOKEN: 'x',
  DEPLOY_LOOP_CLOUD_ENDPOINT: '127.0.0.1:1',
};

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-command-test-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const runner = () =>
  new CommandCheckRunner({
    secrets: new ComposedSecrets(environment, async () => ''),
    tokens: { idToken: async () => 'the-id-token' },
    random: new SystemRandom(),
    environment: { ...environment, ...kept },
    cwd,
  });

const suiteOf = (changes: object) =>
  CommandSuiteSchema.parse({
    name: 'e2e',
    kind: 'command',
    list: 'true',
    run: 'true {tests} {results}',
    ...changes,
  });

const never = new AbortController().signal;

/** Runs tests by a shell script, which finds the report's path in $1 and the ids behind it. */
async function run(
  script: string,
  ids: readonly string[],
  changes: object = {},
  signal = never,
): Promise<readonly CheckResult[]> {
  await writeFile(join(cwd, 'run.sh'), script);
  const results: CheckResult[] = [];
  const suite = suiteOf({ run: 'sh run.sh {results} {tests}', ...changes });
  await runner().run({ suite, ids, target, attempt: 2 }, (result) => results.push(result), signal);
  return results;
}

const report = (...cases: readonly string[]) =>
  `cat > "$1" <<'X'\n<testsuite>${cases.join('')}</testsuite>\nX\n`;
const passed = (name: string) => `<testcase name="${name}" time="0.25"/>`;
const failed = (name: string, message: string) =>
  `<testcase name="${name}" time="0.5"><failure message="${message}"/></testcase>`;

describe('a command that runs tests', () => {
  it('tells what its report says', async () => {
    const skipped = '<testcase name="c"><skipped/></testcase>';
    const results = await run(`${report(passed('a'), failed('b', 'no'), skipped)}exit 1`, ['a', 'b', 'c']);
    expect(results).toMatchObject([
      { id: 'a', outcome: 'passed', durationMs: 250 },
      { id: 'b', outcome: 'failed', durationMs: 500, detail: expect.stringContaining('no') },
      { id: 'c', outcome: 'skipped' },
    ]);
  });

  it.each<[string, string, string]>([
    ['writes nothing', 'echo sorry', 'the command exited with 0, and it wrote no report; output: sorry'],
    ['fails before it writes', 'exit 4', 'the command exited with 4, and it wrote no report'],
    [
      'fails with a stack',
      `printf 'Error: no server\\n    at a (a.js:1:1)\\n    at b (b.js:1:1)\\n'; exit 1`,
      'the command exited with 1, and it wrote no report; output: Error: no server',
    ],
    ['writes garbage', 'echo garbage > "$1"', 'its report is unreliable'],
    [
      'writes half a report',
      `printf '<testsuite><testcase name="b"/><testcase name="a">' > "$1"`,
      'its report is unreliable',
    ],
    ['writes a report of other tests', report(passed('z')), 'its report does not contain it'],
    ['is killed', 'kill -9 $$', 'the command was terminated by SIGKILL, and it wrote no report'],
    ['writes a bomb', `printf '<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuite/>' > "$1"`, 'DOCTYPE'],
    [
      'hands on a report of another day',
      `printf '<testsuite timestamp="2001-02-03T04:05:06"><testcase name="a" time="1"/></testsuite>' > "$1"`,
      'its report is from another run, of 2001-02-03T04:05:06.000Z',
    ],
    [
      'hands on a file that was there before',
      `${report('<testcase name="a" time="1"/>')}touch -d 2001-02-03 "$1"`,
      'its report existed before the start',
    ],
  ])('that %s breaks its tests, and no service', async (_what, script, detail) => {
    const [result, ...more] = await run(script, ['a']);
    expect(more).toEqual([]);
    expect(result).toMatchObject({ id: 'a', outcome: 'errored', detail: expect.stringContaining(detail) });
    expect(result?.detail).not.toContain('b.js');
  });

  it('counts a failure although it ends with 0', async () => {
    expect(await run(report(failed('a', 'no')), ['a'])).toMatchObject([{ outcome: 'failed' }]);
  });

  it('does not believe a pass when it ends with 1 and no test failed', async () => {
    const [result] = await run(`${report(passed('a'))}echo coverage too low; exit 1`, ['a']);
    expect(result).toMatchObject({
      outcome: 'errored',
      detail: 'the command exited with 1 although no test failed; output: coverage too low',
    });
  });

  it('believes no pass of a report that is cut off, and every failure', async () => {
    const cut = `printf '<testsuite>${passed('a')}${failed('b', 'no')}<testcase name="c">' > "$1"`;
    expect(await run(cut, ['a', 'b', 'c'])).toMatchObject([
      { id: 'a', outcome: 'errored', detail: expect.stringContaining('its report is unreliable') },
      { id: 'b', outcome: 'failed' },
      { id: 'c', outcome: 'errored' },
    ]);
  });

  it.each([
    ['with 1', 'exit 1', 'failed', false],
    ['by a signal', 'kill -9 $$', 'failed', false],
    ['with 0', 'exit 0', 'passed', true],
  ])(
    'takes two cases of one name for attempts by whether it ended %s',
    async (_what, end, outcome, flaky) => {
      const results = await run(`${report(failed('a', 'no'), passed('a'))}${end}`, ['a']);
      expect(results).toMatchObject([{ outcome, flaky }]);
    },
  );

  it('takes cases of one name for attempts when another test explains its end', async () => {
    const script = `${report(failed('a', 'no'), passed('a'), failed('b', 'no'))}exit 1`;
    expect(await run(script, ['a', 'b'])).toMatchObject([
      { outcome: 'passed', flaky: true },
      { outcome: 'failed' },
    ]);
  });

  it('tells tests of one name apart by their lines', async () => {
    const at = (line: number, inner: string) => `<testcase name="a" line="${line}">${inner}</testcase>`;
    expect(await run(report(at(3, '<failure/>'), at(9, '')), ['a'])).toMatchObject([{ outcome: 'failed' }]);
  });

  it('believes a report whose clock was not set', async () => {
    const script = `printf '<testsuite timestamp="1970-01-01T00:00:00"><testcase name="a" time="1"/></testsuite>' > "$1"`;
    expect(await run(script, ['a'])).toMatchObject([{ outcome: 'passed' }]);
  });

  it('shows why a file could not be loaded', async () => {
    const script = `cat > "$1" <<'X'
<testsuite name="t/a.ts" timestamp="1970-01-01T00:00:00"><error message="no module cart"/></testsuite>
X
exit 1`;
    expect(await run(script, ['t/a.ts'])).toMatchObject([
      { outcome: 'errored', detail: expect.stringContaining('no module cart') },
    ]);
  });

  it('takes a test that its report says was not run for skipped', async () => {
    const results = await run(report('<testcase name="a" status="notrun"/>', passed('b')), ['a', 'b']);
    expect(results).toMatchObject([{ outcome: 'skipped' }, { outcome: 'passed' }]);
  });

  it('hands ids on as they are, whatever is in them', async () => {
    const ids = [
      'a b',
      "it's",
      '$(touch pwned)',
      '`x`',
      '"; exit 9',
      'two\nlines',
      '*',
      '../x',
      'ü',
      'x'.repeat(10_000),
    ];
    const script = 'shift; for id in "$@"; do printf "%s\\0" "$id" >> ids; done';
    await run(script, ids);
    expect((await readFile(join(cwd, 'ids'), 'utf8')).split('\0').slice(0, -1)).toEqual(ids);
    expect(await readdir(cwd)).not.toContain('pwned');
  });

  it('starts several times when the ids are too many for one command line', async () => {
    const ids = Array.from({ length: 300 }, (_, n) => `${n}-${'x'.repeat(1_000)}`);
    await run('shift; echo $# >> counts', ids);
    const counts = (await readFile(join(cwd, 'counts'), 'utf8')).trim().split('\n').map(Number);
    expect(counts.length).toBeGreaterThan(1);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(300);
  });

  it('may have the ids in a file, one a line', async () => {
    const results = await run('cp "$2" ids', ['a', 'b', 'c\nd'], { run: 'sh run.sh {results} {testsFile}' });
    expect(await readFile(join(cwd, 'ids'), 'utf8')).toBe('a\nb\n');
    expect(results.find(({ id }) => id === 'c\nd')).toMatchObject({
      outcome: 'errored',
      detail: expect.stringContaining('line breaks'),
    });
  });

  it.each([
    'sh run.sh {results} {tests}',
    'sh run.sh {results} -- {tests}',
    'sh run.sh {results} @{testsFile}',
    'sh run.sh {results} @"{testsFile}"',
    'sh run.sh {results} $(cat {testsFile})',
    'sh run.sh {results} `cat {testsFile}`',
    'xargs sh run.sh {results} <{testsFile}',
  ])('takes no id for an option: %s', async (command) => {
    const results = await run(`cp "$2" ids; ${report(passed('a'))}`, ['--help', 'a', '-x'], { run: command });
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['--help', 'errored'],
      ['-x', 'errored'],
      ['a', 'passed'],
    ]);
    expect(results[0]?.detail).toContain('begins with -');
  });

  it('may have ids like options in a file', async () => {
    await run('cp "$2" ids', ['-x', 'a'], { run: 'sh run.sh {results} {testsFile}' });
    expect(await readFile(join(cwd, 'ids'), 'utf8')).toBe('-x\na\n');
  });

  it('gets the revision and its secrets, and nothing else of the guard', async () => {
    const secrets = { KEY: { env: 'API_KEY' } };
    await run('env > env.txt', ['a'], { secrets, env: { MODE: `key=\${KEY}` } });
    const env = (await readFile(join(cwd, 'env.txt'), 'utf8')).split('\n');
    expect(env).toEqual(
      expect.arrayContaining([
        'DEPLOY_LOOP_URL=https://web.example',
        'DEPLOY_LOOP_WS_URL=wss://web.example',
        `DEPLOY_LOOP_RUN_ID=${target.runId}`,
        'DEPLOY_LOOP_REVISION=web-2',
        'DEPLOY_LOOP_COMMIT_SHA=abc1234',
        'DEPLOY_LOOP_BUILD_ID=b-1',
        'DEPLOY_LOOP_ATTEMPT=2',
        'DEPLOY_LOOP_TOKEN=the-id-token',
        'KEY=hunter2-and-more',
        'MODE=key=hunter2-and-more',
      ]),
    );
    expect(env).toEqual(expect.arrayContaining(['LC_ALL=C.UTF-8', 'CI=true']));
    for (const name of [...Object.keys(kept), 'BROWSER_FLAGS', 'API_KEY'])
      expect(env.filter((line) => line.startsWith(`${name}=`))).toEqual([]);
  });

  it('has a home of its own, which nobody else can open and which is removed with all that is in it', async () => {
    const script =
      'echo "$HOME" >>home; stat -c %a "$HOME" >>home; mkdir -p ~/a/b; chmod 0500 ~/a; ls -A ~ >>home';
    await run(script, ['a']);
    await runner().collect(suiteOf({ list: script }), target, never);
    const lines = (await readFile(join(cwd, 'home'), 'utf8')).trim().split('\n');
    expect(lines).toEqual([expect.any(String), '700', 'a', expect.any(String), '700', 'a']);
    const homes = [lines[0] ?? '', lines[3] ?? ''];
    expect(new Set([...homes, environment.HOME]).size).toBe(3);
    for (const home of homes) await expect(readdir(home)).rejects.toThrow('ENOENT');
  });

  it('finds what its tools have downloaded, where the guard would', async () => {
    await run('echo "$XDG_CACHE_HOME" >cache', ['a']);
    expect(await readFile(join(cwd, 'cache'), 'utf8')).toBe('/home/of-the-guard/.cache\n');
  });

  it('gets those variables of the guard that its suite names, as far as they are set', async () => {
    const passEnv = ['HOME', 'BROWSER_FLAGS', 'NOT_SET', 'SSH_AUTH_SOCK', 'DEPLOY_LOOP_TOKEN', 'MODE'];
    await run('env >env.txt', ['a'], { passEnv, env: { MODE: 'of the suite' } });
    const env = (await readFile(join(cwd, 'env.txt'), 'utf8')).split('\n');
    expect(env).toEqual(
      expect.arrayContaining([
        'HOME=/home/of-the-guard',
        'BROWSER_FLAGS=--headless',
        'SSH_AUTH_SOCK=/agent.sock',
        'DEPLOY_LOOP_TOKEN=the-id-token',
        'MODE=of the suite',
      ]),
    );
    expect(env.join('\n')).not.toMatch(/NOT_SET|GITHUB_TOKEN/);
  });

  it('may have another home, by its own variables', async () => {
    await run('echo "$HOME" >home', ['a'], { env: { HOME: '/somewhere' } });
    expect(await readFile(join(cwd, 'home'), 'utf8')).toBe('/somewhere\n');
  });

  it('never tells a secret that it printed', async () => {
    const script = `echo "$KEY $DEPLOY_LOOP_TOKEN"; exit 3`;
    const [result] = await run(script, ['a'], { secrets: { KEY: { env: 'API_KEY' } } });
    expect(result?.detail).toContain('output: [KEY] [TOKEN]');
  });

  it('never tells a secret that it reported', async () => {
    const secrets = { KEY: { env: 'API_KEY' } };
    const [result] = await run(report(failed('a', 'no user hunter2-and-more')), ['a'], { secrets });
    expect(result?.detail).toContain('no user [KEY]');
  });

  it('tells no part of a secret where a text is cut', async () => {
    const secrets = { KEY: { env: 'API_KEY' } };
    const [printed] = await run(`printf '%s%0295d' "$KEY" 0; exit 3`, ['a'], { secrets });
    expect(printed?.detail).not.toContain('more');
    const long = failed('a', `${'x'.repeat(1_990)}hunter2-and-more`);
    const [reported] = await run(report(long), ['a'], { secrets });
    expect(reported?.detail).toMatch(/x\[KEY\]$/);
  });

  it('that prints a gigabyte is read to its end, and little of it is kept', async () => {
    const before = process.memoryUsage().rss;
    const [result] = await run(`head -c 300000000 /dev/zero | tr '\\0' x; ${report(passed('a'))}`, ['a']);
    expect(result).toMatchObject({ outcome: 'passed' });
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20);
  });

  it.each([
    ['refused', 'ConnectionRefusedError: [Errno 111] Connection refused'],
    ['http-503', 'expected 200, got HTTP 503'],
    [undefined, 'assert 503 == 200'],
  ])('has signature %s when a test says %j', async (signature, message) => {
    const [result] = await run(report(failed('a', message)), ['a']);
    expect(result?.signature).toBe(signature);
  });
});

describe('a command that does not end', () => {
  const survivors = async () => {
    const pids = (await readFile(join(cwd, 'pids'), 'utf8')).trim().split('\n').map(Number);
    return pids.filter(isAlive);
  };
  /** Three processes: one that ignores SIGTERM, one in the background, one in a session of its own. */
  const stubborn = `trap '' TERM
echo $$ >> pids
sleep 300 & echo $! >> pids
setsid sh -c 'echo $$ >> pids; exec sleep 300' &
while [ "$(wc -l < pids)" -lt 3 ]; do sleep 0.01; done
: > ready
`;

  it('is stopped when its time is up, with all that it started', async () => {
    const [result] = await run(`${stubborn}wait; sleep 300`, ['a'], { suiteTimeout: '700ms' });
    expect(result).toMatchObject({
      outcome: 'errored',
      detail: expect.stringContaining('stopped at its time limit'),
    });
    expect(await survivors()).toEqual([]);
  });

  it('is stopped within two seconds when nobody needs it any more, and tells nothing', async () => {
    const stop = new AbortController();
    const running = run(`${stubborn}wait; sleep 300`, ['a'], {}, stop.signal);
    while (!(await readdir(cwd)).includes('ready')) await delay(5);
    const stoppedMs = performance.now();
    stop.abort();
    expect(await running).toEqual([]);
    expect(performance.now() - stoppedMs).toBeLessThan(2_000);
    expect(await survivors()).toEqual([]);
  });

  it('leaves nothing behind that holds its pipes open', async () => {
    const results = await run(`${stubborn}${report(passed('a'))}`, ['a']);
    expect(results).toMatchObject([{ outcome: 'passed' }]);
    expect(await survivors()).toEqual([]);
  });
});

describe('a command that lists tests', () => {
  const collect = (list: string) => runner().collect(suiteOf({ list }), target, never);

  it.each<[string, string, readonly string[]]>([
    ['one id a line', "printf 'a\\n\\nb\\r\\n'", ['a', 'b']],
    ['a list of JSON', `printf '%s' '["a\\nb", "c"]'`, ['a\nb', 'c']],
    [
      'what pytest prints',
      "printf 'tests/a.py::t1\\ntests/a.py::t[x y]\\n\\n2 tests collected in 0.01s\\n'",
      ['tests/a.py::t1', 'tests/a.py::t[x y]'],
    ],
    [
      'what Playwright lists',
      "printf 'Listing tests:\\n  [a b] › e2e/a.spec.ts:3:5 › cart [v2] › adds\\n  pay.spec.ts:9:1 › pays\\nTotal: 2 tests in 2 files\\n'",
      ['e2e/a.spec.ts › cart [v2] › adds', 'pay.spec.ts › pays'],
    ],
    ['a project of Playwright first', "printf '[one] › a.spec.ts:3:5 › adds\\n'", ['a.spec.ts › adds']],
    [
      'JSON of ids like those of Playwright',
      `echo '["a.spec.ts:3:5 › adds [x] › y"]'`,
      ['a.spec.ts:3:5 › adds [x] › y'],
    ],
    ['nothing of Playwright', "printf 'Listing tests:\\nTotal: 0 tests in 0 files\\n'", []],
  ])('may print %s', async (_what, list, ids) => {
    const { checks, problems } = await collect(list);
    expect({ ids: checks.map(({ id }) => id), problems }).toEqual({ ids, problems: [] });
  });

  it('has no ids below its list, where it tells of errors and warnings', async () => {
    const printed = [
      'tests/a.py::t1',
      '',
      '=================== ERRORS ===================',
      '____ ERROR collecting tests/b.py ____',
      'E   ModuleNotFoundError: no module named nope',
      '=========== short test summary info ==========',
      'ERROR tests/b.py',
      '1 test collected, 1 error in 0.10s',
    ];
    await writeFile(join(cwd, 'printed.txt'), printed.join('\n'));
    expect(await collect('cat printed.txt')).toEqual({
      checks: [{ id: 'tests/a.py::t1', file: 'tests/a.py' }],
      problems: [
        'collection-error: ModuleNotFoundError in tests/b.py: no module named nope',
        'ERROR tests/b.py',
      ],
    });
  });

  it('knows the file of an id', async () => {
    expect((await collect("echo 'tests/a.py::T::t'")).checks).toEqual([
      { id: 'tests/a.py::T::t', file: 'tests/a.py' },
    ]);
  });

  it.each<[string, string, string]>([
    ['fails', 'echo oops >&2; exit 2', 'the command exited with 2 when it listed its tests; output: oops'],
    [
      'cannot import a file',
      "printf 'a\\nERROR tests/b.py - ImportError\\n'",
      'ERROR tests/b.py - ImportError',
    ],
    ['counts the tests of its files', "echo 'tests/a.py: 26'", 'remove one -q'],
    [
      'has tests in two projects of Playwright',
      "printf '  [one] › a.spec.ts:3:5 › cart › adds\\n  [two] › a.spec.ts:3:5 › cart › adds\\n'",
      'a.spec.ts › cart › adds in more than one project of Playwright',
    ],
    ['prints broken JSON', "echo '[1'", 'starts like JSON'],
    ['is not there', 'no-such-command', 'the command exited with 127'],
  ])('that %s is a fault of the tests', async (_what, list, problem) => {
    expect((await collect(list)).problems.join('\n')).toContain(problem);
  });
});

/** True: it is there, and not only until somebody asks how it ended. */
function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(readStatus(pid));
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
