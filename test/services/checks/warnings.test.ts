import { describe, expect, it } from '@jest/globals';
import { failuresOf } from '../../../shared/contracts/records.ts';
import { HttpSuiteSchema } from '../../../shared/contracts/suites/http-suite.ts';
import type { Suite } from '../../../shared/contracts/suites/suite.ts';
import { aConfig, aServiceConfig, aSuite } from '../../builders.ts';
import type { Answer, Asked } from '../../world/fake-checks.ts';
import { World } from '../../world/world.ts';

const many = (n: number, prefix: string) => Array.from({ length: n }, (_, k) => `${prefix}-${k}`);
const counting = aSuite({ name: 'api', checks: many(3, 'api') });
const warning = aSuite({ name: 'soft', severity: 'warn', checks: many(25, 'soft') });

/** `soft` and what is called so end as given; all else passes. */
async function play(suites: readonly Suite[], answer: (asked: Asked) => Answer) {
  const world = await World.create({ config: aConfig(aServiceConfig({ suites: [...suites] })) });
  await world.deployGood('web-1');
  world.checks.answer = (asked) => (asked.id.startsWith('soft') ? answer(asked) : undefined);
  await world.finishBuild(world.deployByBuild('web-2'));
  return world;
}

const failsHere = ({ revision }: Asked): Answer =>
  revision === 'web-2' ? { outcome: 'failed', detail: 'HTTP 503', signature: 'http-503' } : undefined;

describe('checks that only warn', () => {
  it.each<[string, (asked: Asked) => Answer]>([
    ['regress, all alike', failsHere],
    ['break by themselves', () => ({ outcome: 'errored', detail: 'no DNS' })],
    ['are skipped', () => ({ outcome: 'skipped' })],
    ['are slow', () => ({ outcome: 'passed', latencyMs: 60_000 })],
    ['send nothing', () => ({ outcome: 'passed', requests: 0 })],
    ['do not run', () => 'lost'],
  ])('change no verdict where they %s', async (_what, answer) => {
    const world = await play([counting, warning], answer);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass', alert: false });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('are all run, and told with their detail', async () => {
    const world = await play([counting, warning], failsHere);
    const told = (await world.decision('web-2', 'tests'))?.reasons[0];
    expect(told?.text).toContain('3 checks: 3 passed; 25 warnings: soft: soft-0');
    const failures = await world.store.find({
      collection: failuresOf(world.runIdOf('web-2')),
      where: [],
      limit: 100,
    });
    expect(failures).toHaveLength(25);
    expect(failures[0]?.data).toMatchObject({ warns: true, settlement: 'regression', detail: 'HTTP 503' });
  });

  it('leave no other check of their suite out, however alike they fail', async () => {
    const names = [...many(12, 'soft'), ...many(3, 'hard')];
    const checks = names.map((name) => ({
      name,
      path: '/',
      ...(name.startsWith('soft') && { severity: 'warn' }),
    }));
    const groups = [{ name: 'all', tests: ['*'] }];
    const suite = HttpSuiteSchema.parse({ name: 'api', kind: 'http', priority: 'P1', groups, checks });
    const world = await play([suite], failsHere);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('may be single ones of a suite that counts', async () => {
    const checks = [
      { name: 'soft', path: '/', severity: 'warn' },
      { name: 'hard', path: '/' },
    ];
    const suite = HttpSuiteSchema.parse({ name: 'api', kind: 'http', priority: 'P1', checks });
    const world = await play([suite], failsHere);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('may be counted again in a suite that warns', async () => {
    const checks = [
      { name: 'soft', path: '/', severity: 'fail' },
      { name: 'other', path: '/' },
    ];
    const suite = HttpSuiteSchema.parse({
      name: 'api',
      kind: 'http',
      priority: 'P1',
      severity: 'warn',
      checks,
    });
    const world = await play([suite], failsHere);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', action: 'rollback' });
  });

  it('alone are as no checks at all', async () => {
    const world = await play([warning], failsHere);
    expect((await world.decision('web-2', 'tests'))?.reasons[0]?.text).toMatch(
      /^no check counts; 25 warnings/,
    );
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('save no run whose other checks say nothing', async () => {
    const skipped = aSuite({ name: 'api', checks: ['soft-but-counts'] });
    const world = await play([skipped, warning], () => ({ outcome: 'skipped' }));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'no-tests' }],
    });
  });
});
