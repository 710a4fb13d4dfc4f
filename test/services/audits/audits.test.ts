import { describe, expect, it } from '@jest/globals';
import type { AuditsConfig } from '../../../shared/contracts/audits/audits-config.ts';
import { builtInDefaults } from '../../../shared/contracts/config.ts';
import { documentIn } from '../../../shared/contracts/document.ts';
import { type AuditsRecord, audits, diagnoses, scans } from '../../../shared/contracts/records.ts';
import type { AuditName } from '../../../shared/domain/audits/audit.ts';
import type { Scan } from '../../../shared/domain/audits/scan.ts';
import { PermanentError, TransientError } from '../../../shared/domain/errors.ts';
import type { LogEntry } from '../../../shared/domain/log-evidence/log-entry.ts';
import { create } from '../../../shared/ports/store.ts';
import { aConfig, aRef, aServiceConfig, type ServiceChanges } from '../../builders.ts';
import { atProbe } from '../../world/behaviours.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const watch = { for: '5m', minimum: '60s', interval: '10s' };
const off = { gate: false, minimum: 0 };
const stability: AuditsConfig['stability'] = {
  gate: false,
  minimum: 0.9,
  measures: ['availability', 'p95', 'restarts', 'errors'],
};
const drift: AuditsConfig['drift'] = { gate: false, minimum: 1, shared: [] };

async function worldWith(wanted: AuditsConfig, changes: ServiceChanges = {}): Promise<World> {
  const world = await World.create({
    config: aConfig(aServiceConfig({ watch, audits: wanted, ...changes })),
  });
  await world.deployGood('web-1');
  return world;
}

async function auditsOf(world: World, revision: string, attempt = 1): Promise<AuditsRecord | undefined> {
  return (await world.store.get(documentIn(audits, world.runIdOf(revision, attempt))))?.data;
}

async function resultOf(world: World, revision: string, name: AuditName) {
  return (await auditsOf(world, revision))?.results?.find((audit) => audit.name === name);
}

/** What Cloud Run and the container write at the start, and what they write then. */
function logOf(world: World, revision: string, ...later: readonly Omit<LogEntry, 'insertId' | 'at'>[]): void {
  const now = world.clock.trueNow().getTime();
  const at = (seconds: number) => new Date(now + seconds * 1000);
  const started: LogEntry[] = [
    {
      insertId: 'start',
      at: at(0),
      severity: 'INFO',
      source: 'platform',
      text: 'Default STARTUP TCP probe succeeded after 1 attempt for container "web" on port 8080.',
    },
    { insertId: 'listens', at: at(0), severity: 'INFO', source: 'output', text: 'listening' },
  ];
  const entries = later.map(
    (entry, n): LogEntry => ({ ...entry, insertId: String(n), at: at(120 + n * 10) }),
  );
  world.cloud.entries.set(revision, [...started, ...entries]);
}

/** A deploy that is steady while it is watched. */
async function deploy(world: World, revision: string, p95Ms = 50): Promise<void> {
  const build = world.deployByBuild(revision);
  world.cloud.users.set(revision, (query) =>
    users(60)(query).map((request) => ({ ...request, latencyMs: p95Ms })),
  );
  logOf(world, revision);
  await world.finishBuild(build);
}

describe('the audits of a run', () => {
  it('are made after its verdict, against the last good run', async () => {
    const world = await worldWith({ stability });
    await deploy(world, 'web-2');
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    // Nobody has measured web-1.
    expect(await resultOf(world, 'web-2', 'stability')).toMatchObject({ status: 'unknown' });
    await deploy(world, 'web-3', 60);
    expect(await resultOf(world, 'web-3', 'stability')).toMatchObject({
      status: 'pass',
      score: 1,
      baseline: 'web-2',
    });
    expect(await auditsOf(world, 'web-3')).not.toHaveProperty('dueAt');
    await deploy(world, 'web-4', 600);
    expect(await resultOf(world, 'web-4', 'stability')).toMatchObject({ status: 'fail', baseline: 'web-3' });
  });

  it('move no traffic, whatever they find', async () => {
    const world = await worldWith({ drift: { gate: true, minimum: 1, shared: [] } });
    world.cloud.settings.set('web-2', new Map([['image', 'gcr.io/acme/web:latest']]));
    await deploy(world, 'web-2');
    expect(await auditsOf(world, 'web-2')).toMatchObject({ gates: ['drift'], results: [{ status: 'fail' }] });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect((await world.service())?.lastGood[0]?.revision).toBe('web-2');
  });

  it('are none where the config names none', async () => {
    const world = await worldWith({});
    await deploy(world, 'web-2');
    expect(await auditsOf(world, 'web-2')).toBeUndefined();
  });

  it('of a failed run wait for its traffic, beside its diagnosis', async () => {
    const world = await worldWith({ drift });
    const serving: unknown[] = [];
    const getSettings = world.cloudPort().getSettings;
    world.intercept((_ports, hop) => ({
      run: {
        ...world.cloudPort(),
        getSettings: async (ref, revision) => {
          if (hop === 'diagnose') serving.push(await world.serving());
          return getSettings(ref, revision);
        },
      },
    }));
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await auditsOf(world, 'web-2')).toMatchObject({ results: [{ name: 'drift' }] });
    expect(await world.store.get(documentIn(diagnoses, world.runIdOf('web-2')))).toMatchObject({
      data: { result: {} },
    });
    expect(serving.length).toBeGreaterThan(0);
    expect(new Set(serving.map((split) => JSON.stringify(split)))).toEqual(new Set(['{"web-1":100}']));
  });

  it('are not made while a change of traffic is open', async () => {
    const world = await worldWith({ drift });
    let isRefused = true;
    world.intercept(({ run }) => ({
      run: {
        ...world.cloudPort(),
        updateTraffic: (ref, change) => {
          if (isRefused) throw new TransientError('UNAVAILABLE');
          return run.updateTraffic(ref, change);
        },
      },
    }));
    const build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    await expect(world.finishBuild(build)).rejects.toThrow('UNAVAILABLE');
    await world.publish('diagnose', { runId: world.runIdOf('web-2') });
    await world.bus.idle();
    expect(await auditsOf(world, 'web-2')).not.toHaveProperty('results');
    isRefused = false;
    await sweepForMinutes(world, 3);
    expect(await auditsOf(world, 'web-2')).toHaveProperty('results');
  });

  it('are none of a run that a newer one has superseded', async () => {
    const world = await worldWith({ drift });
    const newer = () =>
      world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-3') });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: atProbe(2, newer) }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'superseded' });
    expect(await auditsOf(world, 'web-2')).toBeUndefined();
    expect(await auditsOf(world, 'web-3')).toHaveProperty('results');
  });

  it('are made by the sweep when their message was lost', async () => {
    const world = await worldWith({ drift });
    world.intercept(({ bus }) => ({
      bus: { publish: async (hop, message) => (hop === 'diagnose' ? undefined : bus.publish(hop, message)) },
    }));
    await deploy(world, 'web-2');
    expect(await auditsOf(world, 'web-2')).not.toHaveProperty('results');
    world.intercept(() => ({}));
    await sweepForMinutes(world, 6);
    expect(await auditsOf(world, 'web-2')).toHaveProperty('results');
  });

  it('are made once, however often they are asked for', async () => {
    const world = await worldWith({ stability, drift });
    await deploy(world, 'web-2');
    const first = await auditsOf(world, 'web-2');
    world.cloud.settings.set('web-2', new Map());
    const runId = world.runIdOf('web-2');
    await Promise.all([1, 2, 3].map(() => world.publish('diagnose', { runId })));
    await world.bus.idle();
    expect(await auditsOf(world, 'web-2')).toEqual(first);
  });
});

describe('stability', () => {
  it('counts restarts and errors while the revision was watched', async () => {
    const world = await worldWith({ stability });
    await deploy(world, 'web-2');
    const build = world.deployByBuild('web-3');
    world.cloud.users.set('web-3', users(60));
    logOf(
      world,
      'web-3',
      { severity: 'WARNING', source: 'platform', text: 'Container called exit(1).' },
      { severity: 'ERROR', source: 'output', text: 'no' },
    );
    await world.finishBuild(build);
    expect(await auditsOf(world, 'web-3')).toMatchObject({
      stability: { incidents: { restarts: { count: 1 }, errors: { count: 1 } } },
      results: [{ status: 'fail' }],
    });
  });

  it('is unknown if the logs cannot be read, and the other audits are made', async () => {
    const world = await worldWith({ stability, drift });
    world.cloud.entryFaults.push(new PermanentError('logging.logEntries.list denied'));
    await deploy(world, 'web-2');
    expect(await auditsOf(world, 'web-2')).not.toHaveProperty('stability.incidents');
    expect(await auditsOf(world, 'web-2')).toMatchObject({
      results: [{ name: 'stability', status: 'unknown' }, { name: 'drift' }],
    });
  });

  it('of a canary is that of its steps too, and compares with stable in the same windows', async () => {
    const steps = [
      { percent: 20, hold: '2m' },
      { percent: 100, hold: '2m' },
    ];
    const measures = ['availability', 'p95'] as const;
    const world = await worldWith(
      { stability: { gate: false, minimum: 0.9, measures: [...measures] } },
      { mode: 'canary', steps },
    );
    await world.fixTraffic(['web-1', 100]);
    world.cloud.users.set('web-1', users(100));
    await deploy(world, 'web-2');
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    expect(await resultOf(world, 'web-2', 'stability')).toMatchObject({ status: 'pass', baseline: 'web-1' });
    // Two windows of each step, and five of the watch.
    expect((await auditsOf(world, 'web-2'))?.stability?.requests?.count).toBe(9 * 60);
  });

  it('of a run without a watch is unknown', async () => {
    const world = await worldWith({ stability });
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await resultOf(world, 'web-2', 'stability')).toMatchObject({
      status: 'unknown',
      rows: [{ what: 'watch' }],
    });
  });
});

describe('drift', () => {
  const rowOf = async (world: World, what: string) =>
    (await resultOf(world, 'web-2', 'drift'))?.rows.find((row) => row.what === what);

  it('finds tags of revisions that are gone', async () => {
    // Any write to the service would drop the tag.
    const rollback = { ...builtInDefaults.rollback, policy: 'notify' as const };
    const world = await worldWith({ drift }, { rollback });
    const { name } = world.cloud.deploy(world.ref, 'web-0');
    const tags = [...(await world.tags()), { revision: name, percent: 0, tag: 'old' }];
    world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...tags]);
    world.cloud.deleteRevision(world.ref, 'web-0');
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await rowOf(world, 'tags')).toMatchObject({
      state: 'bad',
      value: '2 tags',
      note: 'old: of revisions that do not exist',
    });
  });

  it('compares variables with the other services that list them, by the revision that serves', async () => {
    const shared = { drift: { gate: false, minimum: 1, shared: ['ISSUER'] } };
    const web = aServiceConfig({ watch, audits: shared });
    const api = aServiceConfig({ name: 'api', service: 'api', audits: shared });
    const other = aServiceConfig({ name: 'other', service: 'other', audits: { drift } });
    const world = await World.create({ config: aConfig(web, api, other) });
    await world.deployGood('web-1');
    world.cloud.deploy({ ...aRef, service: 'api' }, 'api-1');
    world.cloud.settings.set('api-1', new Map([['env.ISSUER', 'https://a']]));
    world.cloud.settings.set('web-2', new Map([['env.ISSUER', 'https://b']]));
    await deploy(world, 'web-2');
    expect(await rowOf(world, 'env.ISSUER')).toMatchObject({
      state: 'bad',
      value: 'https://b',
      note: 'api has https://a',
    });
  });

  it('is unknown in what Cloud Run does not say', async () => {
    const world = await worldWith({ drift });
    world.intercept((_ports, hop) => ({
      run: {
        ...world.cloudPort(),
        getSettings: async (ref, revision) => {
          if (hop === 'diagnose') throw new TransientError('UNAVAILABLE');
          return world.cloud.getSettings(ref, revision);
        },
      },
    }));
    await deploy(world, 'web-2');
    expect(await rowOf(world, 'image by digest')).toMatchObject({ state: 'unknown', note: 'UNAVAILABLE' });
    expect(await rowOf(world, 'traffic')).toMatchObject({ state: 'good' });
  });
});

describe('compliance', () => {
  const scanOf = (...files: string[]): Scan => ({
    tools: ['t'],
    findings: files.map((file) => ({ key: file, rule: 'r', file })),
    files: 10,
  });

  /** A build whose findings are stored before it ends. */
  async function scanned(world: World, revision: string, scan: Scan | undefined): Promise<void> {
    const build = world.deployByBuild(revision);
    const id = build.split('/').at(-1) ?? '';
    if (scan) await world.store.commit([create(documentIn(scans, id), scan)]);
    await world.finishBuild(build);
  }
  const statusOf = async (world: World, revision: string) =>
    (await resultOf(world, revision, 'compliance'))?.status;

  it('is a ratchet: what was refused once is refused again', async () => {
    const world = await worldWith({ compliance: { gate: true, minimum: 0 } });
    await scanned(world, 'web-2', scanOf('a'));
    await scanned(world, 'web-3', scanOf('a', 'b'));
    await scanned(world, 'web-4', scanOf('a', 'b'));
    await scanned(world, 'web-5', scanOf('a'));
    expect(await statusOf(world, 'web-2')).toBe('unknown');
    expect(await statusOf(world, 'web-3')).toBe('fail');
    expect(await resultOf(world, 'web-4', 'compliance')).toMatchObject({ status: 'fail', baseline: 'web-2' });
    expect(await statusOf(world, 'web-5')).toBe('pass');
  });

  it('without a gate tells what is new once', async () => {
    const world = await worldWith({ compliance: off });
    for (const [revision, scan] of [
      ['web-2', scanOf('a')],
      ['web-3', scanOf('a', 'b')],
      ['web-4', scanOf('a', 'b')],
    ] as const)
      await scanned(world, revision, scan);
    expect(await statusOf(world, 'web-3')).toBe('fail');
    expect(await resultOf(world, 'web-4', 'compliance')).toMatchObject({ status: 'pass', baseline: 'web-3' });
  });

  it('compares with the last good revision that has a scan', async () => {
    const world = await worldWith({ compliance: off });
    await scanned(world, 'web-2', scanOf('a'));
    await scanned(world, 'web-3', undefined);
    await scanned(world, 'web-4', scanOf('a'));
    expect(await statusOf(world, 'web-3')).toBe('unknown');
    expect(await resultOf(world, 'web-4', 'compliance')).toMatchObject({
      status: 'pass',
      score: 0.9,
      baseline: 'web-2',
    });
  });

  it('of another attempt has the findings of the first', async () => {
    const world = await worldWith({ compliance: off });
    await scanned(world, 'web-2', scanOf('a'));
    await scanned(world, 'web-3', scanOf('a'));
    await world.ask('web-3', 'rerun');
    expect(await auditsOf(world, 'web-3', 2)).toMatchObject({
      results: [{ status: 'pass', baseline: 'web-2' }],
    });
  });

  it('does not compare with a failed run', async () => {
    const world = await worldWith({ compliance: off });
    await scanned(world, 'web-2', scanOf('a'));
    world.cloud.deploy(world.ref, 'web-9');
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    await world.store.commit([create(documentIn(scans, build.split('/').at(-1) ?? ''), scanOf('a', 'b'))]);
    await world.finishBuild(build);
    await scanned(world, 'web-4', scanOf('a', 'b'));
    expect(await resultOf(world, 'web-4', 'compliance')).toMatchObject({ status: 'fail', baseline: 'web-2' });
  });
});
