import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TrafficChangedError } from '../../../shared/domain/errors.ts';
import type { Etag, RevisionName, ServiceRef } from '../../../shared/domain/ids.ts';
import { type ServiceState, servingSplit } from '../../../shared/domain/service-state.ts';
import type { CloudRun } from '../../../shared/ports/cloud-run.ts';

/** A service of its own, with two ready revisions of which LATEST, the newer one, has all traffic. */
export interface CloudRunFixture {
  readonly run: CloudRun;
  readonly ref: ServiceRef;
  /** Labels of the newer revision. */
  readonly labels: Readonly<Record<string, string>>;
  /** Deploys a revision that never becomes ready. Resolves when Cloud Run has given it up. */
  deployBroken(): Promise<void>;
  /** Deletes the service and closes what was opened. */
  close(): Promise<void>;
}

/** What every implementation of the port promises. The tests share one service, and run in order. */
export function cloudRunContract(
  name: string,
  open: () => Promise<CloudRunFixture>,
  timeoutMs: number,
): void {
  describe(`CloudRun on ${name}`, () => {
    let fixture: CloudRunFixture;
    const read = async (): Promise<ServiceState> => {
      const service = await fixture.run.getService(fixture.ref);
      if (service === undefined) throw new Error('the service is gone');
      return service;
    };
    /** Asks until the platform has done what it accepted: there is no event for it. */
    const reconciled = async (): Promise<ServiceState> => {
      let service = await read();
      while (service.reconciling) service = await read();
      return service;
    };
    const twoRevisions = async (): Promise<readonly [newer: RevisionName, older: RevisionName]> => {
      const ready = (await fixture.run.listRevisions(fixture.ref)).filter(
        (one) => one.readiness.kind === 'ready',
      );
      const [newer, older] = ready;
      if (newer === undefined || older === undefined) throw new Error('two ready revisions expected');
      return [newer.name, older.name];
    };

    beforeAll(async () => {
      fixture = await open();
    }, timeoutMs);
    afterAll(() => fixture?.close(), timeoutMs);
    const test = (title: string, body: () => Promise<void>) => it(title, body, timeoutMs);

    test('reads a service as it was deployed', async () => {
      const service = await reconciled();
      const [newer] = await twoRevisions();
      expect(service).toMatchObject({
        ref: fixture.ref,
        etag: expect.stringMatching(/./),
        uri: expect.stringMatching(/^https?:\/\//),
        latestReadyRevision: newer,
        latestCreatedRevision: newer,
        traffic: [{ revision: undefined, percent: 100 }],
      });
      expect(servingSplit(service)).toEqual({ [newer]: 100 });
      expect(Date.now() - service.routesChangedAt.getTime()).toBeLessThan(timeoutMs);
    });

    test('knows when there is no such service or revision', async () => {
      const nobody = { ...fixture.ref, service: 'no-such-service' };
      expect(await fixture.run.getService(nobody)).toBeUndefined();
      expect(
        await fixture.run.getRevision(nobody, 'no-such-service-00001-abc' as RevisionName),
      ).toBeUndefined();
      expect(await fixture.run.getRevision(fixture.ref, 'no-such-revision' as RevisionName)).toBeUndefined();
      expect(await fixture.run.listRevisions(nobody)).toEqual([]);
    });

    test('lists revisions newest first, as each of them reads alone', async () => {
      const revisions = await fixture.run.listRevisions(fixture.ref);
      const times = revisions.map(({ createTime }) => createTime.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(revisions[0]).toMatchObject({
        labels: fixture.labels,
        readiness: { kind: 'ready' },
        minInstances: 0,
      });
      for (const revision of revisions) {
        expect(await fixture.run.getRevision(fixture.ref, revision.name)).toEqual(revision);
      }
    });

    test('moves traffic, tags and annotations in one write, and makes no revision', async () => {
      const before = await reconciled();
      const [newer, older] = await twoRevisions();
      const traffic = [
        { revision: older, percent: 100, tag: 'stable' },
        { revision: newer, percent: 0, tag: 'candidate' },
      ];
      await fixture.run.updateTraffic(fixture.ref, {
        traffic,
        annotations: { effect: 'a', kept: 'b' },
        etag: before.etag,
      });
      expect((await read()).traffic).toEqual(traffic);
      const after = await reconciled();
      expect(servingSplit(after)).toEqual({ [older]: 100 });
      expect(after.annotations).toMatchObject({ effect: 'a', kept: 'b' });
      expect(after.serving.find(({ tag }) => tag === 'stable')?.uri).toMatch(/^https?:\/\/stable---/);
      expect(after.generation).toBeGreaterThan(before.generation);
      expect(after.etag).not.toBe(before.etag);
      expect(after.latestCreatedRevision).toBe(before.latestCreatedRevision);
      expect(after.routesChangedAt.getTime()).toBeGreaterThanOrEqual(before.routesChangedAt.getTime());
    });

    test('removes the tags and annotations that a write leaves out, and can go back to LATEST', async () => {
      const { etag } = await reconciled();
      const traffic = [{ percent: 100 }];
      await fixture.run.updateTraffic(fixture.ref, { traffic, annotations: { effect: 'c' }, etag });
      const after = await reconciled();
      expect(after.traffic).toEqual([{ revision: undefined, percent: 100, tag: undefined }]);
      expect(after.annotations).not.toHaveProperty('kept');
      expect(after.serving.filter(({ tag }) => tag !== undefined)).toEqual([]);
    });

    test('lets one of two writes with the same etag through, and writes nothing of the other', async () => {
      const { etag } = await reconciled();
      const write = (effect: string) =>
        fixture.run.updateTraffic(fixture.ref, {
          traffic: [{ percent: 100 }],
          annotations: { effect },
          etag,
        });
      const outcomes = await Promise.allSettled([write('first'), write('second')]);
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(outcomes).toContainEqual({ status: 'rejected', reason: expect.any(TrafficChangedError) });
      expect((await reconciled()).annotations).toMatchObject({ effect: ['first', 'second'][winner] });
    });

    test('refuses a stale etag', async () => {
      const change = { traffic: [{ percent: 100 }], annotations: {}, etag: '"stale"' as Etag };
      await expect(fixture.run.updateTraffic(fixture.ref, change)).rejects.toBeInstanceOf(
        TrafficChangedError,
      );
    });

    test('reads a revision that never became ready as failed, and what serves as serving', async () => {
      const before = await reconciled();
      await fixture.deployBroken();
      const after = await reconciled();
      expect(after.latestCreatedRevision).not.toBe(before.latestCreatedRevision);
      expect(after.latestReadyRevision).toBe(before.latestReadyRevision);
      expect(servingSplit(after)).toEqual(servingSplit(before));
      const [broken] = await fixture.run.listRevisions(fixture.ref);
      expect(broken?.readiness).toMatchObject({
        kind: 'failed',
        message: expect.stringMatching(/container/i),
      });
    });
  });
}
