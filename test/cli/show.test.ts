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
