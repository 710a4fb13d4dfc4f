import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { answerRequest } from '../../functions/serve-reports/answer-request.ts';
import { TransientError } from '../../shared/domain/errors.ts';
import { hashOf } from '../../shared/domain/ids.ts';
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
    ['service=--help', 'service'],
    ['cursor=abc', 'cursor'],
    ['__proto__=x', '__proto__'],
  ])('refuses ?%s and names the parameter', async (query, parameter) => {
    expect(await get(`/api/runs?${query}`)).toMatchObject({ status: 400, body: { error: { parameter } } });
  });

  const cursorOf = (...parts: readonly unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const filter = hashOf('', '');

  it('takes a cursor of its own making', async () => {
    const cursor = cursorOf('2026-01-01T00:00:00.000Z', '0'.repeat(20), filter);
    expect((await get(`/api/runs?cursor=${cursor}`)).status).toBe(200);
  });

  it.each<[string, readonly unknown[]]>([
    ['the 30th of February', ['2026-02-30T00:00:00.000Z', '0'.repeat(20), filter]],
    ['the 13th month', ['2026-13-01T00:00:00.000Z', '0'.repeat(20), filter]],
    ['hour 24', ['2026-01-01T24:00:00.000Z', '0'.repeat(20), filter]],
    ['a leap second', ['2016-12-31T23:59:60.000Z', '0'.repeat(20), filter]],
    ['the year 0, which no database knows', ['0000-01-01T00:00:00.000Z', '0'.repeat(20), filter]],
    ['a year of six digits', ['+275760-09-13T00:00:00.000Z', '0'.repeat(20), filter]],
    ['a year before the first', ['-000001-01-01T00:00:00.000Z', '0'.repeat(20), filter]],
    ['no date', ['', '0'.repeat(20), filter]],
    ['a number as a date', [Number.MAX_VALUE, '0'.repeat(20), filter]],
    ['an offset of its own', ['2026-01-01T00:00:00.000+99:99', '0'.repeat(20), filter]],
    ['no run', ['2026-01-01T00:00:00.000Z', '../../x', filter]],
    ['an option as a run', ['2026-01-01T00:00:00.000Z', '--help', filter]],
    ['more than a cursor has', ['2026-01-01T00:00:00.000Z', '0'.repeat(20), filter, 1]],
    ['a filter that hashes to nothing', ['2026-01-01T00:00:00.000Z', '0'.repeat(20), '']],
    ['300 characters', ['2026-01-01T00:00:00.000Z', '0'.repeat(20), 'f'.repeat(300)]],
  ])('refuses a cursor with %s', async (_what, parts) => {
    expect(await get(`/api/runs?cursor=${cursorOf(...parts)}`)).toMatchObject({
      status: 400,
      body: { error: { parameter: 'cursor' } },
    });
  });

  it.each(['%00', '%FF', 'bnVsbA', 'W10', 'e30', '-', '--help'])('refuses the cursor %s', async (cursor) => {
    expect((await get(`/api/runs?cursor=${cursor}`)).status).toBe(400);
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
