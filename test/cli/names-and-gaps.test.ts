import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryStore } from '../../shared/adapters/memory/memory-store.ts';
import { RunDocument } from '../../shared/contracts/output/run-output.ts';
import { aConfig, aServiceConfig, aSuite } from '../builders.ts';
import { FakeClock } from '../world/fake-clock.ts';
import { worldInMemory } from '../world/world-in-memory.ts';
import { captureCli } from './captured-io.ts';

const suites = [aSuite({ name: 'shop', checks: ['cart'] }), aSuite({ name: 'mails', checks: ['order'] })];

/** `web-2` was rolled back; then `web-3` was deployed. */
async function recordsOf() {
  const { world, memory } = await worldInMemory(aConfig(aServiceConfig({ suites })));
  await world.deployGood('web-1');
  world.checks.answer = ({ revision }) =>
    revision === 'web-2' ? { outcome: 'failed', detail: 'HTTP 500' } : undefined;
  await world.finishBuild(world.deployByBuild('web-2'));
  const before = memory.toJson();
  await world.finishBuild(world.deployByBuild('web-3'));
  return { before, after: memory.toJson(), rolledBack: world.runIdOf('web-2') };
}

describe('a command that', () => {
  let cwd = '';
  let records: Awaited<ReturnType<typeof recordsOf>>;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-names-'));
    records = await recordsOf();
    await writeFile(join(cwd, 'before.json'), records.before);
    await writeFile(join(cwd, 'records.json'), records.after);
    await writeFile(join(cwd, 'empty.json'), new MemoryStore(new FakeClock()).toJson());
    const service = { name: 'web', project: 'acme-staging', region: 'us-central1' };
    const shop = {
      name: 'shop',
      kind: 'http',
      priority: 'P1',
      tags: ['smoke'],
      checks: [{ name: 'a', path: '/' }],
    };
    await writeFile(
      join(cwd, 'deploy-loop.yaml'),
      JSON.stringify({ version: 1, services: [{ ...service, suites: [shop] }] }),
    );
  });
  afterAll(() => rm(cwd, { recursive: true }));

  const cli = (...args: readonly string[]) => captureCli(args, { cwd, env: {} });
  const of = ['--records', 'records.json'];

  it.each([
    [
      ['tests', 'web', '--suite', 'shpo', ...of],
      /no suite shpo .+did you mean shop\? \(known: mails, shop\)/,
    ],
    [['tests', 'wbe', ...of], /no service wbe .+did you mean web\? \(known: web\)/],
    [['runs', '--service', 'wbe', ...of], /no service wbe .+did you mean web\? \(known: web\)/],
    [['changes', 'nope', ...of], /no service nope .+\(known: web\)/],
    [['show', '0'.repeat(20), ...of], /no run 0+ is recorded \(newest: \w+ of web-3, \w+ of web-2\)/],
    [['guard', '--config', 'deploy-loop.yaml', '--service', 'wbe'], /has no service wbe: did you mean web\?/],
    [
      ['guard', '--config', 'deploy-loop.yaml', '--service', 'web', '--focus', 'tag:smok'],
      /no suite of web matches \(there are: shop: priority:P1 tag:smoke\)/,
    ],
  ])('gets an unknown name says which there are: %j', async (args, message) => {
    const { code, stdout, stderr } = await cli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it.each([
    [['runs'], 0, 'no run is recorded yet: guard a deploy with deploy-loop guard\n'],
    [['services'], 0, 'no service is recorded yet: run deploy-loop apply FILE\n'],
  ])('finds nothing recorded says what would be: %j', async (args, code, stdout) => {
    expect(await cli(...args, '--records', 'empty.json')).toEqual({ code, stdout, stderr: '' });
  });

  it('lists with a filter that nothing matches says so', async () => {
    const { stdout } = await cli('runs', '--verdict', 'superseded', ...of);
    expect(stdout).toBe('no run matches: deploy-loop runs without filters lists all\n');
  });

  it.each([['runs'], ['changes', 'web']])('lists a part says how to get the rest: %s', async (...args) => {
    const { stdout } = await cli(...args, '--limit', '1', ...of);
    const rest = /^older ones: add (--cursor \S+)$/m.exec(stdout)?.[1] ?? '';
    const next = await cli(...args, '--limit', '100', ...rest.split(' '), ...of);
    expect(next).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/web-[123]/) });
    expect(next.stdout).not.toContain('older ones');
    expect(next.stdout).not.toContain(stdout.split('\n')[1]);
  });

  it('lists some tests says how many there are', async () => {
    const { stdout } = await cli('tests', 'web', '--limit', '1', ...of);
    expect(stdout).toMatch(/^1 of 2 tests: --limit N and --suite NAME show others$/m);
    expect((await cli('tests', 'web', ...of)).stdout).not.toContain('--limit');
  });

  it('shows a run offers its undo only while that would undo nothing else', async () => {
    const { stdout } = await cli('show', records.rolledBack, '--records', 'before.json');
    expect(stdout).toMatch(/^undo +gcloud /m);
    const later = await cli('show', records.rolledBack, ...of);
    expect(later.stdout).toMatch(
      /^note +since then traffic has changed to .+; since then web-3 was deployed$/m,
    );
    expect(later.stdout).not.toMatch(/^undo/m);
    const runOf = async (file: string) => {
      const { stdout: json } = await cli('show', records.rolledBack, '--json', '--records', file);
      return RunDocument.parse(JSON.parse(json)).run;
    };
    expect(await runOf('before.json')).toMatchObject({
      undo: expect.stringMatching(/^gcloud run services update-traffic web .+--to-latest$/),
      earlier: null,
    });
    const run = await runOf('records.json');
    const undone = run.trafficChanges.filter(({ undo }) => undo !== null);
    expect({ undo: run.undo, undone }).toEqual({ undo: null, undone: [] });
    expect(run.earlier).toMatchObject({ own: true, overtakenBy: 'web-3', unread: null });
  });
});
