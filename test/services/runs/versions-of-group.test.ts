import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { diagnoses, services } from '../../../shared/contracts/records.ts';
import { PermanentError, TransientError } from '../../../shared/domain/errors.ts';
import { type RevisionName, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { describeGroup } from '../../../shared/domain/runs/compare-versions.ts';
import { runReportOutput } from '../../../shared/output/run-output.ts';
import { update } from '../../../shared/ports/store.ts';
import { reportRun } from '../../../shared/services/query-reports.ts';
import { summarizeRun } from '../../../shared/wording/summarize-run.ts';
import { answers } from '../../world/fake-cloud.ts';
import {
  aGroupWorld,
  backend,
  deployGoodVersion,
  deployVersion,
  findingOf,
  idOf,
  runOf,
  web,
} from '../../world/group-world.ts';
import type { World } from '../../world/world.ts';

/** Both services serve version 1, recorded as good. */
async function versionOne(world: World): Promise<World> {
  await deployGoodVersion(world, web, 'web-1', '1');
  await deployGoodVersion(world, backend, 'backend-1', '1');
  return world;
}

async function toldOf(
  world: World,
  ...of: Parameters<typeof findingOf> extends [World, ...infer R] ? R : never
) {
  const finding = await findingOf(world, ...of);
  return finding && describeGroup(finding);
}

describe('the versions of a group', () => {
  it('are found at the verdict on a service, and recorded for the runs of both', async () => {
    const world = await versionOne(await aGroupWorld());
    expect(await toldOf(world, backend, 'backend-1')).toBe('shop: all are version 1');
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '2'));
    const told = 'shop: not the same version: web web-1 is 1, backend backend-2 is 2';
    expect(await toldOf(world, backend, 'backend-2')).toBe(told);
    expect(await toldOf(world, web, 'web-1')).toBe(told);
    expect(await findingOf(world, web, 'web-1')).toMatchObject({
      runId: idOf(backend, 'backend-2'),
      members: [
        { name: 'web', runId: idOf(web, 'web-1') },
        { name: 'backend', runId: idOf(backend, 'backend-2') },
      ],
    });
    await world.finishBuild(deployVersion(world, web, 'web-2', '2'));
    expect(await toldOf(world, web, 'web-2')).toBe('shop: all are version 2');
    expect(await toldOf(world, backend, 'backend-2')).toBe('shop: all are version 2');
  });

  it('are shown, in words and as JSON', async () => {
    const world = await versionOne(await aGroupWorld());
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '2'));
    const report = await reportRun(world.store, idOf(web, 'web-1'));
    expect(report && summarizeRun(report)).toContain(
      'group   shop: not the same version: web web-1 is 1, backend backend-2 is 2\n',
    );
    expect(report && runReportOutput(report).group).toMatchObject({
      name: 'shop',
      versions: 'different',
      foundBy: idOf(backend, 'backend-2'),
      members: [
        { service: 'web', revision: 'web-1', version: '1', open: false },
        { service: 'backend', revision: 'backend-2', version: '2', run: idOf(backend, 'backend-2') },
      ],
    });
  });

  it('are not the same yet while another service is being validated', async () => {
    const world = await versionOne(await aGroupWorld());
    const waiting = idOf(web, 'web-2');
    world.intercept(({ bus }) => ({
      bus: {
        publish: async (hop, message) =>
          'runId' in message && message.runId === waiting ? undefined : bus.publish(hop, message),
      },
    }));
    await world.finishBuild(deployVersion(world, web, 'web-2', '2'));
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '3'));
    expect(await toldOf(world, backend, 'backend-2')).toBe(
      'shop: not the same version yet: web web-2 is 2, backend backend-2 is 3',
    );
  });

  it('change no verdict', async () => {
    const world = await versionOne(await aGroupWorld());
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '2'));
    expect(await runOf(world, backend, 'backend-2')).toMatchObject({ verdict: 'pass', action: 'mark-good' });
    expect(await world.serving(backend)).toEqual({ 'backend-2': 100 });
    expect(await runOf(world, web, 'web-1')).toMatchObject({ verdict: 'pass' });
  });

  it('are those that serve after a rollback', async () => {
    const world = await versionOne(await aGroupWorld());
    await deployGoodVersion(world, web, 'web-2', '2');
    const build = deployVersion(world, backend, 'backend-2', '2', { behaviour: answers.unavailable });
    await world.finishBuild(build);
    expect(await runOf(world, backend, 'backend-2')).toMatchObject({ outcome: { code: 'restored' } });
    const told = 'shop: not the same version: web web-2 is 2, backend backend-1 is 1';
    expect(await toldOf(world, backend, 'backend-2')).toBe(told);
    expect(await toldOf(world, web, 'web-2')).toBe(told);
  });

  describe('after a rollback of one of them', () => {
    /** backend-2 was rolled back, and web serves the version that was meant to go with it. */
    async function leftBehind(change: (world: World) => Promise<void> | void = () => {}): Promise<World> {
      const world = await versionOne(await aGroupWorld());
      await deployGoodVersion(world, web, 'web-2', '2');
      await change(world);
      const build = deployVersion(world, backend, 'backend-2', '2', { behaviour: answers.unavailable });
      await world.finishBuild(build);
      return world;
    }
    const summaryOf = async (world: World, records: string | null = '--records dl.db') => {
      const report = await reportRun(world.store, idOf(backend, 'backend-2'));
      return report && summarizeRun(report, undefined, records);
    };

    it('name the command that puts the others back too, and move none', async () => {
      const world = await leftBehind();
      expect(await summaryOf(world)).toContain(
        '        to put it back too: deploy-loop rollback web --to web-1 --why TEXT --records dl.db\n',
      );
      expect(await summaryOf(world, null)).not.toContain('rollback web');
      expect(await world.serving(web)).toEqual({ 'web-2': 100 });
    });

    it.each<[string, (world: World) => Promise<void> | void]>([
      ['of another version', ({ cloud }) => cloud.setLabels(web, 'web-1', { version: '0' })],
      ['that is gone', ({ cloud }) => cloud.deleteRevision(web, 'web-1')],
      [
        'that was made anew under its name',
        ({ cloud }) => {
          cloud.deleteRevision(web, 'web-1');
          cloud.deploy(web, 'web-1', { labels: { version: '1' } });
          cloud.editTraffic(web, [{ revision: 'web-2' as RevisionName, percent: 100 }]);
        },
      ],
      [
        'that a person has moved users away from',
        async ({ store }) => {
          const ref = documentIn(services, serviceKeyOf(web));
          const known = await store.get(ref);
          const lastGood = known?.data.lastGood.map((good) => ({ ...good, movedAway: true }));
          if (known) await store.commit([update(ref, known, { lastGood })]);
        },
      ],
    ])('name no revision %s', async (_what, change) => {
      const world = await leftBehind(change);
      expect(await findingOf(world, backend, 'backend-2')).toMatchObject({ versions: 'different' });
      expect(await summaryOf(world)).not.toContain('rollback web');
    });

    it('name none that is newer than what serves', async () => {
      const world = await versionOne(await aGroupWorld());
      await deployGoodVersion(world, web, 'web-2', '0');
      await deployGoodVersion(world, web, 'web-3', '1');
      world.cloud.editTraffic(web, [{ revision: 'web-2' as RevisionName, percent: 100 }]);
      world.cloud.setLabels(web, 'web-1', {});
      const build = deployVersion(world, backend, 'backend-2', '2', { behaviour: answers.unavailable });
      await world.finishBuild(build);
      expect(await findingOf(world, backend, 'backend-2')).toMatchObject({ versions: 'different' });
      expect(await summaryOf(world)).not.toContain('rollback web');
    });
  });

  it('are told by the commit of the build where a revision has no label of it', async () => {
    const world = await aGroupWorld({ sameVersion: 'commit' });
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const build = deployVersion(world, web, 'web-1', undefined);
    const known = world.cloud.builds.get(build);
    if (known) world.cloud.builds.set(build, { ...known, substitutions: { COMMIT_SHA: commit } });
    await world.finishBuild(build);
    const labels = { 'commit-sha': commit.slice(0, 12) };
    await world.finishBuild(deployVersion(world, backend, 'backend-1', undefined, { labels }));
    expect(await toldOf(world, backend, 'backend-1')).toBe(`shop: all are commit ${commit}`);
  });

  it('are not known of a service that cannot be read, and that keeps nothing else from being told', async () => {
    const world = await versionOne(await aGroupWorld());
    world.intercept(({ run }, hop) => ({
      run: {
        ...world.cloudPort(),
        getService: async (ref) => {
          if (hop === 'diagnose' && ref.service === 'web') throw new TransientError('UNAVAILABLE');
          return run.getService(ref);
        },
      },
    }));
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '2'));
    expect(await toldOf(world, backend, 'backend-2')).toBe(
      'shop: not all versions are known: web is not known (UNAVAILABLE), backend backend-2 is 2',
    );
    expect(await toldOf(world, web, 'web-1')).toBe('shop: all are version 1');
  });

  it('stay as they were found when a message comes again', async () => {
    const world = await versionOne(await aGroupWorld());
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '2'));
    await world.finishBuild(deployVersion(world, web, 'web-2', '2'));
    const before = await findingOf(world, backend, 'backend-2');
    await world.finishBuild(deployVersion(world, web, 'web-3', '3'));
    const later = await findingOf(world, backend, 'backend-2');
    expect(later).not.toEqual(before);
    await world.publish('diagnose', { runId: idOf(backend, 'backend-2') });
    await world.bus.idle();
    expect(await findingOf(world, backend, 'backend-2')).toEqual(later);
  });

  it('are found after a process has died between the verdict and its message', async () => {
    const world = await versionOne(await aGroupWorld());
    let isLost = true;
    world.intercept(({ bus }, hop) => ({
      bus: {
        publish: async (next, message) => {
          if (hop === 'decide-stage' && next === 'diagnose' && isLost) {
            isLost = false;
            throw new TransientError('died');
          }
          return bus.publish(next, message);
        },
      },
    }));
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '2'));
    expect(isLost).toBe(false);
    expect(await findingOf(world, backend, 'backend-2')).toMatchObject({ versions: 'different' });
  });

  it('are found when a promotion was refused, which ends the run', async () => {
    const world = await aGroupWorld({}, { backend: { mode: 'gate' } });
    await versionOne(world);
    world.cloud.editTraffic(backend, [{ revision: 'backend-1' as RevisionName, percent: 100 }]);
    world.intercept(({ run }) => ({
      run: {
        ...world.cloudPort(),
        updateTraffic: async (ref, change) => {
          const gains = change.traffic.some(
            ({ revision, percent }) => revision === 'backend-2' && percent > 0,
          );
          if (gains) throw new PermanentError('PERMISSION_DENIED');
          return run.updateTraffic(ref, change);
        },
      },
    }));
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '2'));
    expect(await runOf(world, backend, 'backend-2')).toMatchObject({
      state: 'closed',
      action: 'promote',
      outcome: { code: 'refused' },
    });
    expect(await findingOf(world, backend, 'backend-2')).toMatchObject({ versions: 'different' });
  });

  it('explain a failure of which nothing else is known', async () => {
    const world = await versionOne(await aGroupWorld());
    await world.finishBuild(deployVersion(world, backend, 'backend-2', '2', { behaviour: answers.degraded }));
    expect(await world.serving(backend)).toEqual({ 'backend-1': 100 });
    const ref = documentIn(diagnoses, idOf(backend, 'backend-2'));
    const { result } = (await world.store.get(ref))?.data ?? {};
    expect(result).toMatchObject({ category: 'version-mismatch', suggestedAction: 'fix-config' });
    expect(result?.whys.at(-1)?.evidence).toEqual(['group:shop']);
  });

  it('explain no failure of which a cause is known', async () => {
    const world = await versionOne(await aGroupWorld());
    const build = deployVersion(world, backend, 'backend-2', '2', { behaviour: answers.unavailable });
    const at = world.clock.trueNow();
    world.cloud.entries.set('backend-2', [
      { insertId: 'cause', at, severity: 'ERROR', source: 'output', text: "KeyError: 'QUEUE_URL'" },
    ]);
    await world.finishBuild(build);
    const ref = documentIn(diagnoses, idOf(backend, 'backend-2'));
    expect((await world.store.get(ref))?.data.result?.category).toBe('missing-env-or-secret');
  });
});
