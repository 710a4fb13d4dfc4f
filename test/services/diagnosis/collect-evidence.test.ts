import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { diagnoses, runs } from '../../../shared/contracts/records.ts';
import type { Evidence } from '../../../shared/domain/diagnosis/evidence.ts';
import { type RevisionName, runIdOf, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { collectEvidence } from '../../../shared/services/diagnosis/collect-evidence.ts';
import { aConfig, aRef, aServiceConfig, aSuite } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

let world: World;

const many = (n: number) => Array.from({ length: n }, (_, k) => `check-${k}`);

async function evidenceOf(revision: string): Promise<readonly Evidence[]> {
  const run = await world.run(revision);
  if (!run) throw new Error('a run expected');
  return (await collectEvidence(world.runIdOf(revision), run, world.ports)).evidence;
}

async function diagnosisOf(revision: string) {
  return (await world.store.get(documentIn(diagnoses, world.runIdOf(revision))))?.data;
}

describe('failures of other services', () => {
  beforeEach(async () => {
    world = await World.create();
    await world.deployGood('web-1');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  });

  /** They fail at about the same time; `NAME` is the revision's. */
  async function alsoFail(text: string, changes: { minutes?: number; region?: string } = {}): Promise<void> {
    const own = await world.run('web-2');
    if (!own) throw new Error('a run expected');
    for (const service of ['api', 'shop', 'mail']) {
      const ref = { ...aRef, service, region: changes.region ?? aRef.region };
      const revision = `${service}-7` as RevisionName;
      const run = {
        ...own,
        ref,
        serviceKey: serviceKeyOf(ref),
        candidate: { ...own.candidate, revision },
        createdAt: new Date(own.createdAt.getTime() + (changes.minutes ?? 1) * 60_000),
        reasons: [{ code: 'server-error', text: text.replace('NAME', revision) } as const],
      };
      await world.store.commit([create(documentIn(runs, runIdOf(ref, revision, 1)), run)]);
    }
  }
  const told = async () => (await evidenceOf('web-2')).find(({ ref }) => ref === 'runs:others')?.text;
  const own = async () => (await world.run('web-2'))?.reasons[0]?.text.replaceAll('web-2', 'NAME') ?? '';

  it('are evidence where they are the same failure', async () => {
    await alsoFail(await own());
    expect(await told()).toMatch(
      /^the same failure at the same time across 3 unrelated services: (?:api|shop|mail), /,
    );
  });

  it('are none where they fail in another way', async () => {
    await alsoFail('HTTP 500, expected 2xx: KeyError');
    expect(await told()).toBeUndefined();
  });

  it.each([{ minutes: 16 }, { region: 'europe-west1' }])(
    'are none of another time or region: %j',
    async (apart) => {
      await alsoFail(await own(), apart);
      expect(await told()).toBeUndefined();
    },
  );
});

describe('failed checks', () => {
  beforeEach(async () => {
    const tests = { ...aServiceConfig().tests, workers: 4 };
    const suites = [aSuite({ name: 'api', priority: 'P1', checks: many(120) })];
    world = await World.create({ config: aConfig(aServiceConfig({ suites, tests })) });
    await world.deployGood('web-1');
  });
  it('of one cause are one piece of evidence, with their number and some of them', async () => {
    world.checks.answer = ({ id }) => ({
      outcome: 'failed',
      detail: id === 'check-7' ? "KeyError: 'x'" : `TypeError: no item ${id.slice(6)}\nclient.py:7: in call`,
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({ reasons: [{ code: 'known-failures' }] });
    const evidence = (await evidenceOf('web-2')).filter(({ ref }) => ref.startsWith('check:'));
    const texts = evidence.map(({ text }) => text).sort();
    expect(texts).toEqual([
      expect.stringMatching(/^119 checks alike \((?:check-\d+, ){3}…\): TypeError: no item \d+\nclient/),
      "check-7: KeyError: 'x'",
    ]);
    expect(evidence[0]?.ref).toMatch(/^check:api\/check-\d+$/);
  });
});

describe('tests that could not be loaded', () => {
  const fault = "collection-error: ModuleNotFoundError in tests/test_cart.py:3: No module named 'acme'";

  beforeEach(async () => {
    const suites = [aSuite({ name: 'api', priority: 'P1', checks: many(4) })];
    world = await World.create({ config: aConfig(aServiceConfig({ suites })) });
    await world.deployGood('web-1');
  });

  it('when they are listed: the tests are at fault, the file is named, and nothing is rolled back', async () => {
    world.checks.collected = () => ({ checks: [], problems: [fault] });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'fix-test', text: expect.stringContaining(fault) }],
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await diagnosisOf('web-2')).toMatchObject({
      result: {
        category: 'test-collection-error',
        summary:
          "The tests could not be loaded: ModuleNotFoundError in tests/test_cart.py:3: No module named 'acme'.",
        suggestedAction: 'fix-test',
      },
      evidence: expect.arrayContaining([expect.objectContaining({ ref: 'check:list/0' })]),
    });
  });

  it('when they are run, too', async () => {
    world.checks.answer = () => ({ outcome: 'errored', detail: `${fault}; the command exited with 2` });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'fix-test', text: expect.stringContaining(fault) }],
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await diagnosisOf('web-2')).toMatchObject({
      result: {
        category: 'test-collection-error',
        summary: expect.stringContaining('tests/test_cart.py:3'),
        // The module is missing where the tests run.
        alternatives: expect.not.arrayContaining([
          expect.objectContaining({ category: 'container-startup-failure/missing-module' }),
        ]),
        suggestedAction: 'fix-test',
        whys: expect.arrayContaining([
          expect.objectContaining({ question: 'Why?', evidence: [expect.stringMatching(/^check:api\//)] }),
        ]),
      },
    });
  });
});
