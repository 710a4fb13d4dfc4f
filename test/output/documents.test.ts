import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerRequest } from '../../functions/serve-reports/answer-request.ts';
import type { MemoryStore } from '../../shared/adapters/memory/memory-store.ts';
import { parseSettings } from '../../shared/runtime/settings.ts';
import { aConfig, aServiceConfig, aSuite } from '../builders.ts';
import { captureCli } from '../cli/captured-io.ts';
import { saveRecords } from '../cli/save-records.ts';
import { answers } from '../world/fake-cloud.ts';
import { silent, type World } from '../world/world.ts';
import { worldInMemory } from '../world/world-in-memory.ts';
import { documents } from './documents.ts';

const why = ['--why', 'incident 42'];
let cwd = '';
let world: World;
let store: MemoryStore;
let cli: (...args: readonly string[]) => ReturnType<typeof captureCli>;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-output-'));
  const suite = aSuite({
    name: 'shop',
    checks: ['cart', 'mail'],
    owner: 'shop-team',
    impact: { text: 'nobody can pay' },
    quarantine: [{ tests: ['mail'], owner: 'mail-team', until: '2031-01-31', reason: 'is moving' }],
  });
  const made = await worldInMemory(aConfig(aServiceConfig({ suites: [suite] })));
  world = made.world;
  store = made.memory;
  await world.deployGood('web-1');
  world.checks.answer = ({ revision }) =>
    revision === 'web-2' ? { outcome: 'failed', detail: 'HTTP 500' } : undefined;
  await world.finishBuild(world.deployByBuild('web-2'));
  await world.clock.sleep(3_600_000);
  await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.forbidden }));
  await saveRecords(join(cwd, 'records.db'), store);
  await writeFile(join(cwd, 'good.xml'), '<testsuite><testcase name="a" time="0.1"/></testsuite>');
  await writeFile(join(cwd, 'bad.xml'), '<testsuite><testcase name="a"><failure>no</failure></testcase>');
  await writeFile(join(cwd, 'timings.json'), '{"a": 1, "b": 2.5}');
  await writeFile(join(cwd, 'index.md'), '| File | Tests |\n|---|---|\n| tests/test_a.py | 2 |\n');
  await writeFile(join(cwd, 'ids.txt'), 'tests/test_a.py::test_x\ntests/test_b.py::test_y\n');
  await writeFile(
    join(cwd, 'deploy-loop.yaml'),
    'version: 1\nservices: [{ name: web, project: acme-staging, region: us-central1 }]\n',
  );
  cli = (...args) => captureCli([...args, '--json'], { cwd, env: { USER: 'ann' } });
});
afterAll(() => rm(cwd, { recursive: true }));

const records = ['--records', 'records.db'];

/** What a command prints, by the schema of its document. */
async function read(heading: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await cli(...args);
  expect(stdout).toMatch(/^\{.+\}\n$/);
  const document = documents[heading]?.parse(JSON.parse(stdout));
  return { code, stderr, document };
}

describe('the JSON of', () => {
  it.each<[string, readonly string[], number]>([
    ['runs', ['runs', ...records], 0],
    ['runs', ['runs', '--verdict', 'superseded', ...records], 0],
    ['services', ['services', ...records], 0],
    ['changes', ['changes', 'web', ...records], 0],
    ['tests', ['tests', 'web', ...records], 0],
    ['freeze, unfreeze, pause, resume, abort', ['pause', 'web', '--dry-run', ...records], 0],
    ['freeze, unfreeze, pause, resume, abort', ['resume', 'web', ...records], 0],
    ['validate', ['validate', 'deploy-loop.yaml'], 0],
    ['results', ['results', 'good.xml'], 0],
    ['results', ['results', 'good.xml', 'bad.xml', 'gone.xml'], 1],
    ['plan', ['plan', '--timings', 'timings.json', '--workers', '2'], 0],
  ])('%s has no other fields than its schema: %j', async (heading, args, code) => {
    expect(await read(heading, ...args)).toMatchObject({
      code,
      document: { schemaVersion: 1, exitCode: code },
    });
  });

  it('import-index has no other fields than its schema', async () => {
    const { code, document } = await read(
      'import-index',
      'import-index',
      'index.md',
      '--collected',
      'ids.txt',
    );
    expect(document).toMatchObject({
      exitCode: code,
      disagreements: [{ kind: 'count' }, { kind: 'not-indexed' }],
    });
  });

  it('show tells of one run, and no field of its records besides', async () => {
    const { document } = await read('show', 'show', world.runIdOf('web-2'), ...records);
    expect(document).toMatchObject({
      run: {
        verdict: 'fail',
        revision: 'web-2',
        target: 'web-1',
        closedAt: expect.stringMatching(/Z$/),
        durationMs: expect.any(Number),
        undo: null,
        earlier: { own: true, overtakenBy: 'web-3' },
        failures: [{ id: 'cart', owner: 'shop-team', quarantine: null }],
      },
      now: {
        pin: { target: 'web-1', before: [{ latest: true, percent: 100 }, { tag: 'deploy-loop-stable' }] },
      },
    });
    expect(JSON.stringify(document)).not.toMatch(/etag|nonce|generation|"mark"|serviceKey|configDigest/);
  });

  it('changes undoes the last change of users alone', async () => {
    const { document } = await read('changes', 'changes', 'web', ...records);
    const { changes } = document as { changes: { undo: string | null; after: unknown[] }[] };
    expect(changes.filter(({ undo }) => undo !== null)).toHaveLength(1);
  });

  it.each(['runs', 'changes'])('%s goes on at the cursor of the page before', async (command) => {
    const of = command === 'changes' ? ['web'] : [];
    const all = await readList(command, of);
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await readList(command, [...of, '--limit', '1', ...(cursor ? ['--cursor', cursor] : [])]);
      seen.push(...page.list);
      cursor = page.nextCursor;
    }
    expect(all.list.length).toBeGreaterThan(1);
    expect(seen).toEqual(all.list);
  });

  async function readList(command: string, args: readonly string[]) {
    const { document } = await read(command, command, ...args, ...records);
    const { nextCursor, ...rest } = document as { nextCursor: string | null };
    return { nextCursor, list: (rest as unknown as Record<string, unknown[]>)[command] ?? [] };
  }

  it.each([
    ['/api/runs', () => ['runs']],
    ['/api/runs?verdict=fail&limit=1', () => ['runs', '--verdict', 'fail', '--limit', '1']],
    ['/api/services', () => ['services']],
    [() => `/api/runs/${world.runIdOf('web-2')}`, () => ['show', world.runIdOf('web-2')]],
  ])('%s is that of the command', async (path, args) => {
    const target = typeof path === 'string' ? path : path();
    const { body } = await answerRequest('GET', target, { store, log: silent });
    const { stdout } = await cli(...args(), ...records);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(body)));
  });
});

describe('with --json an error is one document on stdout, and a line for people on stderr', () => {
  it.each<[readonly string[], string, number]>([
    [['runs', '--nope', ...records], 'bad-request', 2],
    [['rnus'], 'bad-request', 2],
    [[], 'bad-request', 2],
    [['runs', '--limit', '0', ...records], 'bad-request', 2],
    [['plan'], 'bad-request', 2],
    [['show', '0'.repeat(20), ...records], 'not-found', 2],
    [['abort', '0'.repeat(20), ...why, ...records], 'not-found', 2],
    [['changes', 'nope', ...records], 'not-found', 2],
    [['runs', '--service', 'nope', ...records], 'not-found', 2],
    [['runs'], 'bad-input', 2],
    [['runs', '--records', 'gone.json'], 'bad-input', 2],
    [['runs', '--cursor', 'x', ...records], 'bad-input', 2],
    [['changes', 'web', '--cursor', 'x', ...records], 'bad-input', 2],
    [['pause', 'web', ...records], 'bad-input', 2],
    [['validate', 'gone.yaml'], 'bad-input', 2],
    [['validate', 'timings.json'], 'bad-config', 2],
    [['guard', '--service', 'web', '--config', 'timings.json'], 'bad-config', 2],
  ])('%j: %s', async (args, error, exitCode) => {
    const { code, document, stderr } = await read('errors', ...args);
    expect({ code, document }).toMatchObject({
      code: exitCode,
      document: { schemaVersion: 1, error: { code: error, exitCode } },
    });
    expect(stderr).not.toBe('');
  });

  it('of a bad setting', async () => {
    const env = { DEPLOY_LOOP_CLOUD_ENDPOINT: 'x' };
    expect(() => parseSettings(env)).toThrow();
    const { stdout } = await captureCli(['runs', '--json', ...records], { cwd, env });
    expect(documents.errors?.parse(JSON.parse(stdout))).toMatchObject({
      error: { code: 'bad-environment', message: expect.stringContaining('DEPLOY_LOOP_CLOUD_ENDPOINT') },
    });
  });
});
