import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { answerRequest } from '../../functions/serve-reports/answer-request.ts';
import { TransientError } from '../../shared/domain/errors.ts';
import { answers } from '../world/fake-cloud.ts';
import { silent, World } from '../world/world.ts';

const PageSchema = z.object({
  runs: z.array(z.object({ id: z.string(), verdict: z.string() })),
  nextCursor: z.string().nullable(),
});

let world: World;

beforeAll(async () => {
  world = await World.create();
  await world.deployGood('web-1');
  for (let n = 2; n <= 6; n++) {
    await world.finishBuild(
      world.deployByBuild(`web-${n}`, { behaviour: n === 4 ? answers.forbidden : answers.good }),
    );
    await world.clock.sleep(60_000);
  }
});

function get(target: string, method = 'GET') {
  return answerRequest(method, target, { store: world.store, log: silent });
}

async function page(target: string) {
  const { status, body } = await get(target);
  expect(status).toBe(200);
  return PageSchema.parse(JSON.parse(JSON.stringify(body)));
}

describe('GET /api/runs', () => {
  it('lists runs, newest first', async () => {
    const { runs, nextCursor } = await page('/api/runs');
    expect(runs.map((run) => run.id)).toEqual([6, 5, 4, 3, 2].map((n) => world.runIdOf(`web-${n}`)));
    expect(nextCursor).toBeNull();
  });

  it('filters by service and verdict', async () => {
    const { runs } = await page('/api/runs?service=web&verdict=inconclusive');
    expect(runs.map((run) => run.id)).toEqual([world.runIdOf('web-4')]);
  });

  it('pages through all of them, each once', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const next: z.infer<typeof PageSchema> = await page(
        `/api/runs?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...next.runs.map((run) => run.id));
      cursor = next.nextCursor;
    }
    expect(seen).toEqual([6, 5, 4, 3, 2].map((n) => world.runIdOf(`web-${n}`)));
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=2&limit=3', 'limit'],
    ['verdict=maybe', 'verdict'],
    ['verdict[$ne]=pass', 'verdict[$ne]'],
    ['order=__name__', 'order'],
    ['fields=secret', 'fields'],
    ['service=../../x', 'service'],
    ['cursor=abc', 'cursor'],
    ['__proto__=x', '__proto__'],
  ])('refuses ?%s and names the parameter', async (query, parameter) => {
    expect(await get(`/api/runs?${query}`)).toMatchObject({ status: 400, body: { error: { parameter } } });
  });

  it('refuses the cursor of another filter', async () => {
    const { nextCursor } = await page('/api/runs?limit=1&verdict=pass');
    expect(await get(`/api/runs?cursor=${nextCursor}`)).toMatchObject({
      status: 400,
      body: { error: { parameter: 'cursor' } },
    });
  });

  it('knows no other service', async () => {
    expect((await get('/api/runs?service=payments')).status).toBe(404);
  });
});

describe('GET /api/runs/{id}', () => {
  it('tells what was seen, decided and done', async () => {
    const { status, body } = await get(`/api/runs/${world.runIdOf('web-2')}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      run: {
        verdict: 'pass',
        decisions: [{ stage: 'health' }, { stage: 'watch' }],
        health: [{}, {}, {}, {}],
        effects: [{ kind: 'mark-good' }],
      },
    });
  });

  it.each(['..%2f..%2fx', '%2e%2e', 'a/b', '__x__', '.', '..', '', '0'.repeat(1501), '%00'])(
    'opens nothing for the id %s',
    async (id) => {
      expect([400, 404]).toContain((await get(`/api/runs/${id}`)).status);
    },
  );

  it('says when there is no such run', async () => {
    expect((await get(`/api/runs/${'0'.repeat(20)}`)).status).toBe(404);
  });
});

it('GET /api/services tells the last good revisions', async () => {
  expect(await get('/api/services')).toMatchObject({
    status: 200,
    body: { services: [{ name: 'web', lastGood: [{ revision: 'web-6' }, {}, {}, {}, {}] }] },
  });
});

it('takes no other method and knows no other page', async () => {
  expect((await get('/api/runs', 'POST')).status).toBe(405);
  expect((await get('/api/')).status).toBe(404);
  expect((await get('//evil.test/api/runs')).status).toBe(404);
});

it('says so when the records are out of reach, and nothing of why', async () => {
  const store = { ...world.store, find: () => Promise.reject(new TransientError('token=secret')) };
  const answer = await answerRequest('GET', '/api/runs', { store, log: silent });
  expect(answer.status).toBe(503);
  expect(JSON.stringify(answer.body)).not.toContain('secret');
});
