import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../shared/contracts/document.ts';
import { configs } from '../../shared/contracts/records.ts';
import { update } from '../../shared/ports/store.ts';
import { reportRun } from '../../shared/services/query-reports.ts';
import { aConfig, aServiceConfig, aSuite } from '../builders.ts';
import type { World } from '../world/world.ts';
import { worldInMemory } from '../world/world-in-memory.ts';
import { captureCli } from './captured-io.ts';

const shop = aSuite({
  name: 'shop',
  checks: ['cart', 'mail'],
  owner: 'shop-team',
  impact: { text: 'nobody can pay', mrrUsd: 120_000 },
  quarantine: [
    { tests: ['mail'], owner: 'old-team', until: '2020-01-31', reason: 'long gone' },
    { tests: ['ma*'], owner: 'mail-team', until: '2031-01-31', reason: 'the mail server is moving' },
  ],
});

/** Both checks of a deploy fail, and pass on the stable revision. */
async function aFailedRun() {
  const { tests } = aServiceConfig();
  // With a gate that one regression loses, the other check would not run.
  const lenient = { ...tests, gates: { ...tests.gates, P1: 100 } };
  const { world, memory } = await worldInMemory(aConfig(aServiceConfig({ suites: [shop], tests: lenient })));
  await world.deployGood('web-1');
  world.checks.answer = ({ revision }) =>
    revision === 'web-2' ? { outcome: 'failed', detail: 'HTTP 500' } : undefined;
  await world.finishBuild(world.deployByBuild('web-2'));
  return { world, runId: world.runIdOf('web-2'), records: memory.toJson() };
}

describe('deploy-loop show', () => {
  let cwd = '';
  let run: Awaited<ReturnType<typeof aFailedRun>>;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-show-'));
    run = await aFailedRun();
    await writeFile(join(cwd, 'records.json'), run.records);
  });
  afterAll(() => rm(cwd, { recursive: true }));

  const show = (...args: readonly string[]) =>
    captureCli(['show', run.runId, '--records', 'records.json', ...args], { cwd, env: {} });

  it('says of a failing check what it means and who mends it', async () => {
    const { stdout } = await show();
    expect(stdout).toMatch(
      /^ {2}P1 {2}shop: cart fails here .+\n {6}impact: nobody can pay \(120000 USD a month\); owner: shop-team$/m,
    );
  });

  it('says of a check in quarantine why, until when and who gets it out', async () => {
    const { stdout } = await show();
    expect(stdout).toMatch(
      /shop: mail .+\n.+; in quarantine until 2031-01-31 by mail-team: the mail server is moving$/m,
    );
    expect(stdout).not.toContain('long gone');
  });

  it('has all of it in its JSON, too', async () => {
    const { failures } = JSON.parse((await show('--json')).stdout).run;
    const byId = new Map(failures.map((failure: { id: string }) => [failure.id, failure]));
    expect(byId.get('cart')).toMatchObject({ owner: 'shop-team', impact: shop.impact });
    expect(byId.get('cart')).toMatchObject({ quarantine: null });
    expect(byId.get('mail')).toMatchObject({
      quarantine: { owner: 'mail-team', until: '2031-01-31', reason: 'the mail server is moving' },
    });
  });

  it('tells what failed also where the config is of no use any more', async () => {
    const { world, runId } = await aFailedRun();
    const digest = (await world.run('web-2'))?.configDigest;
    const ref = documentIn(configs, digest ?? '');
    const stored = await world.store.get(ref);
    if (!stored) throw new Error('no config');
    const config = aConfig(aServiceConfig({ name: 'other' }));
    await world.store.commit([update(ref, stored, { config })]);
    // Whoever asks anew has read nothing yet.
    const store = bound(world.store);
    const { failures = [] } = (await reportRun(store, runId)) ?? {};
    expect(failures.map(({ id }) => id).sort()).toEqual(['cart', 'mail']);
  });
});

function bound(store: World['store']): World['store'] {
  return {
    get: (ref) => store.get(ref),
    find: (query) => store.find(query),
    countAndSum: (collection, field) => store.countAndSum(collection, field),
    commit: (writes) => store.commit(writes),
  };
}

it('shows checks that fail alike in one row, with their number and some of them', async () => {
  const checks = Array.from({ length: 500 }, (_, n) => `check-${n}`);
  const suites = [aSuite({ name: 'shop', checks })];
  const { world, memory } = await worldInMemory(aConfig(aServiceConfig({ suites })));
  await world.deployGood('web-1');
  world.checks.answer = ({ id }) => ({
    outcome: 'failed',
    detail: id === 'check-7' ? "KeyError: 'x'" : `order ${id.slice(6)} is missing after ${id.length} s`,
  });
  await world.finishBuild(world.deployByBuild('web-2'));
  const cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-show-'));
  try {
    await writeFile(join(cwd, 'records.json'), memory.toJson());
    const args = ['show', world.runIdOf('web-2'), '--records', 'records.json'];
    const { stdout } = await captureCli(args, { cwd, env: {} });
    const [, section = ''] = stdout.split('Checks that did not simply pass\n');
    const rows = section.split('\n\n')[0]?.split('\n') ?? [];
    expect(rows).toHaveLength(3);
    for (const row of [
      /^ {2}P1 {2}shop: check-7 fails on the stable revision too: KeyError: 'x'$/,
      /^ {2}P1 {2}shop: check-\d+ fails on the stable revision too: order \d+ is missing/,
      /^ {6}and 498 more alike: (?:check-\d+, ){3}…$/,
    ])
      expect(rows).toContainEqual(expect.stringMatching(row));
  } finally {
    await rm(cwd, { recursive: true });
  }
});
