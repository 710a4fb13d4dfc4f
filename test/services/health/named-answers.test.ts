import { describe, expect, it } from '@jest/globals';
import { ConversationSchema } from '../../../shared/contracts/suites/websocket-suite.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { named } from '../../world/behaviours.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const { health } = aServiceConfig();
const config = aConfig(aServiceConfig({ health: { ...health, revision: { header: 'X-Revision' } } }));
const byUrl = 'https://web.run.test/health';
const good = (name: string) => () => named(name, answers.good());
const bad = (name: string) => () => named(name, answers.unavailable());

/** web-1 is good and says who it is. */
async function aWorld(changed = config): Promise<World> {
  const world = await World.create({ config: changed });
  await world.deployGood('web-1');
  world.cloud.setBehaviour(world.ref, 'web-1', good('web-1'));
  return world;
}

/** The service URL is answered by whom `who` tells; tags lead where they belong. */
function answerByUrl(world: World, who: (n: number) => (() => ReturnType<typeof answers.good>) | undefined) {
  let asked = 0;
  world.intercept((ports) => ({
    prober: {
      probe: async (request) =>
        (request.url === byUrl ? who(++asked)?.() : undefined) ?? ports.prober.probe(request),
    },
  }));
}

/** Milliseconds from `startMs` to the first look of a stage. */
async function firstLook(world: World, stage: 'health' | 'reverify', startMs: number): Promise<number> {
  const [first] = await world.facts('web-2', stage);
  return (first?.at.getTime() ?? Number.NaN) - startMs;
}

describe('an answer that says who it is', () => {
  it('counts at once, before propagation is over', async () => {
    const world = await aWorld();
    const startMs = world.clock.monotonicMs();
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: bad('web-2') }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await firstLook(world, 'health', startMs)).toBe(0);
    // Twice three looks, 2 s apart.
    expect(world.clock.monotonicMs() - startMs).toBeLessThan(10_000);
  });

  it('never counts where another revision was asked, not even after propagation', async () => {
    const world = await aWorld();
    const untilMs = world.clock.monotonicMs() + 30_000;
    answerByUrl(world, () => (world.clock.monotonicMs() < untilMs ? good('web-1') : undefined));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: bad('web-2') }));
    expect((await world.facts('web-2', 'health')).map(({ candidate }) => candidate?.kind)).toEqual([
      'bad',
      'bad',
      'bad',
    ]);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });

  it('is waited for a while where others answer in between', async () => {
    const world = await aWorld();
    const startMs = world.clock.monotonicMs();
    answerByUrl(world, (n) => (world.cloud.writes.length === 0 && n % 4 > 0 ? good('web-1') : undefined));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: bad('web-2') }));
    expect(await firstLook(world, 'health', startMs)).toBe(0);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });

  it('is given up after a while: the revision cannot be reached, and nothing is written', async () => {
    const world = await aWorld();
    answerByUrl(world, () => good('web-1'));
    const build = world.deployByBuild('web-2', { behaviour: bad('web-2') });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'unreachable', text: expect.stringContaining('web-1 has answered in its place') }],
    });
    expect(world.cloud.writes).toEqual([]);
  });

  it('counts by the service URL too, while the tag of a revision does not answer yet', async () => {
    const world = await aWorld();
    const build = world.deployByBuild('web-2', { behaviour: good('web-2') });
    await world.fixTraffic(['web-1', 50], ['web-2', 50]);
    const startMs = world.clock.monotonicMs();
    let asked = 0;
    world.intercept(() => ({
      prober: {
        probe: async ({ url }) =>
          url === byUrl ? good(++asked % 2 === 0 ? 'web-2' : 'web-1')() : answers.platformNotFound(),
      },
    }));
    await world.finishBuild(build);
    const looks = await world.facts('web-2', 'health');
    expect(looks.map(({ candidate }) => candidate?.kind)).toEqual(['good', 'good', 'good']);
    expect(await firstLook(world, 'health', startMs)).toBeLessThan(1_000);
  });

  it('says nothing of a conversation, which has another connection', async () => {
    const websocket = ConversationSchema.parse({ path: '/chat' });
    const talking = { ...health, revision: { header: 'X-Revision' }, websocket };
    const world = await aWorld(aConfig(aServiceConfig({ health: talking })));
    world.converse = () => ({ kind: 'talked', latencyMs: 3, came: 0, expected: 0, end: { kind: 'done' } });
    const startMs = world.clock.monotonicMs();
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: good('web-2') }));
    expect(await firstLook(world, 'health', startMs)).toBeGreaterThanOrEqual(10_000);
  });

  it('says nothing of the further URLs, which are asked after propagation', async () => {
    const url = 'https://www.example.com/health';
    const named = { ...health, revision: { header: 'X-Revision' } };
    const world = await aWorld(aConfig(aServiceConfig({ health: named, urls: [url] })));
    world.cloud.edges.set(url, answers.good);
    const startMs = world.clock.monotonicMs();
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: good('web-2') }));
    expect(await firstLook(world, 'health', startMs)).toBeGreaterThanOrEqual(10_000);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });
});

describe('an answer that does not say who it is', () => {
  it.each([
    ["the platform's 503", answers.unavailable],
    ['no answer at all', answers.refused],
  ])('counts after propagation: %s', async (_what, behaviour) => {
    const world = await aWorld();
    const startMs = world.clock.monotonicMs();
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await firstLook(world, 'health', startMs)).toBeGreaterThanOrEqual(10_000);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });
});

describe('after a rollback', () => {
  it('answers of the bad revision are neither good nor bad of the target, whose own count at once', async () => {
    const world = await aWorld();
    const build = world.deployByBuild('web-2', { behaviour: bad('web-2') });
    let movedMs = Number.NaN;
    answerByUrl(world, (n) => {
      if (world.cloud.writes.length === 0) return undefined;
      movedMs = Number.isNaN(movedMs) ? world.clock.monotonicMs() : movedMs;
      return n % 2 === 0 ? bad('web-2') : good('web-1');
    });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
    const looks = await world.facts('web-2', 'reverify');
    expect(looks.map(({ candidate }) => candidate?.kind)).toEqual(['good', 'good', 'good']);
    expect(world.clock.monotonicMs() - movedMs).toBeLessThan(10_000);
  });

  it('it is not restored by good answers of the revision that lost its traffic', async () => {
    const world = await aWorld();
    const build = world.deployByBuild('web-2', { behaviour: bad('web-2') });
    answerByUrl(world, () => (world.cloud.writes.length > 0 ? good('web-2') : undefined));
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'unverified' } });
    expect(await world.decision('web-2', 'reverify')).toMatchObject({ alert: true });
  });
});

describe('the target of a rollback', () => {
  it('gets traffic once it is the one that answers at its tag', async () => {
    const world = await aWorld();
    let asked = 0;
    // Three looks compare with it; then it is asked once more.
    const behaviour = () => named(++asked > 3 && asked < 15 ? 'web-0' : 'web-1', answers.good());
    world.cloud.setBehaviour(world.ref, 'web-1', behaviour);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: bad('web-2') }));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('gets none while another answers there', async () => {
    const world = await aWorld();
    let asked = 0;
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      named(++asked > 3 ? 'web-0' : 'web-1', answers.good()),
    );
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: bad('web-2') }));
    expect(await world.run('web-2')).toMatchObject({
      outcome: { code: 'target-unreachable', text: 'web-0 answers in place of web-1' },
    });
    expect(world.cloud.writes).toEqual([]);
  });

  it('gets none where the candidate says that it has recovered, before propagation is over', async () => {
    const world = await aWorld();
    let asked = 0;
    const behaviour = () => named('web-2', ++asked > 3 ? answers.good() : answers.unavailable());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'recovered' } });
  });
});
