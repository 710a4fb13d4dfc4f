import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { MemoryStore } from '../../shared/adapters/memory/memory-store.ts';
import { documentIn } from '../../shared/contracts/document.ts';
import { type RunRecord, runs, services } from '../../shared/contracts/records.ts';
import { type ConfigDigest, type RevisionName, runIdOf, serviceKeyOf } from '../../shared/domain/ids.ts';
import { create } from '../../shared/ports/store.ts';
import { aRef } from '../builders.ts';
import { FakeClock } from '../world/fake-clock.ts';
import { captureCli } from './captured-io.ts';
import { saveRecords } from './save-records.ts';

const revision = 'web-1' as RevisionName;
const [openRun, closedRun] = [runIdOf(aRef, revision, 1), runIdOf(aRef, revision, 2)];
const places = { one: aRef, other: { ...aRef, region: 'europe-west1' } };
const why = ['--why', 'incident 42'];
const file = 'records.db';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-controls-'));
  await saveRecords(join(cwd, file), await records());
});
afterEach(() => rm(cwd, { recursive: true }));

const cli = (...args: readonly string[]) =>
  captureCli([...args, '--records', file], { cwd, env: { USER: 'ann' } });

describe('the controls', () => {
  test.each([
    ['pause', 'resume', ['web'], 'web', 'paused', 'paused'],
    ['freeze', 'unfreeze', ['web'], 'web', 'frozen', 'frozen'],
    ['freeze', 'unfreeze', ['--all'], 'the kill switch', 'on', 'THE KILL SWITCH IS ON'],
  ])('%s and %s %j: on with who and why, once, and off again', async (on, off, of, subject, state, shown) => {
    const turnedOn = await cli(on, ...of, ...why);
    expect(turnedOn).toMatchObject({ code: 0, stderr: '' });
    expect(turnedOn.stdout).toMatch(new RegExp(`^${subject} is ${state}: .+\nundo .+\n$`));
    expect((await cli('services')).stdout).toMatch(
      new RegExp(
        `${shown} +by ann since 20\\S+Z: incident 42; ends with deploy-loop [a-z]+ (web|--all) --records ${file}$`,
        'm',
      ),
    );
    expect((await cli(on, ...of, '--why', 'another')).stdout).toMatch(
      new RegExp(`^${subject} is already ${state}, by ann since \\S+: incident 42\n$`),
    );
    const undo = `deploy-loop ${off} ${of[0]} --records ${file}`;
    expect(turnedOn.stdout).toContain(`\nundo    ${undo}\n`);
    const lifted = await captureCli(undo.split(' ').slice(1), { cwd, env: { USER: 'ann' } });
    expect(lifted.stdout).toBe(
      `${subject} is no longer ${state} (reason was: incident 42)\nundo    deploy-loop ${on} ${of[0]} --why TEXT --records ${file}\n`,
    );
    expect((await cli(off, ...of)).stdout).toBe(`${subject} was not ${state}\n`);
    expect((await cli('services')).stdout).not.toContain('incident');
  });

  it('say in a dry run what they would do, and do nothing', async () => {
    const before = await readFile(join(cwd, file), 'utf8');
    expect((await cli('pause', 'web', '--dry-run')).stdout).toMatch(/^web would be paused: /);
    expect((await cli('freeze', '--all', '--dry-run')).stdout).toMatch(/^the kill switch would be on: /);
    expect((await cli('unfreeze', '--all', '--dry-run')).stdout).toBe('the kill switch was not on\n');
    expect((await cli('abort', openRun, '--dry-run')).stdout).toContain(' would be cancelled: ');
    expect(await readFile(join(cwd, file), 'utf8')).toBe(before);
    const json = await cli('pause', 'web', '--dry-run', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ changed: true, dryRun: true });
  });

  it('give up a run that is open, and none that has ended', async () => {
    expect((await cli('abort', openRun, ...why)).stdout).toBe(
      `run ${openRun} of web-1 is cancelled: it ends at its next check\n`,
    );
    expect((await cli('show', openRun)).stdout).toMatch(/^ +cancelled +by ann since \S+: incident 42$/m);
    expect(await cli('abort', closedRun, ...why)).toMatchObject({
      code: 2,
      stderr: `deploy-loop: run ${closedRun} of web-1 has already ended: pass\n`,
    });
  });

  it('ask for the place where one name is that of several services', async () => {
    expect(await cli('pause', 'api', ...why)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /2 services are recorded as api: use one of .+us-central1\/api, .+europe-west1\/api\n$/,
      ),
    });
    expect(await cli('pause', 'acme-staging/europe-west1/api', ...why)).toMatchObject({ code: 0 });
  });
});

/** Of a service `web` with an open run and one that has ended, and of two services `api`. */
async function records(): Promise<MemoryStore> {
  const store = new MemoryStore(new FakeClock());
  const serviceKey = serviceKeyOf(aRef);
  const at = new Date();
  const run: RunRecord = {
    ref: aRef,
    serviceKey,
    name: 'web',
    configDigest: '0'.repeat(20) as ConfigDigest,
    candidate: { revision, createTime: at },
    attempt: 1,
    openedBy: 'guard',
    authority: 'full',
    state: 'open',
    stage: 'watch',
    stageStartedAt: at,
    reasons: [],
    action: 'none',
    createdAt: at,
  };
  const known = { lastGood: [], rollbacks: [] };
  await store.commit([
    create(documentIn(services, serviceKey), { ref: aRef, name: 'web', ...known }),
    ...Object.values(places).map((place) => {
      const ref = { ...place, service: 'api' };
      return create(documentIn(services, serviceKeyOf(ref)), { ref, name: 'api', ...known });
    }),
    create(documentIn(runs, openRun), run),
    create(documentIn(runs, closedRun), { ...run, attempt: 2, state: 'closed', verdict: 'pass' }),
  ]);
  return store;
}
