import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LoggedRequest } from '../../../shared/domain/health/request-log.ts';
import type { RevisionName, ServiceRef } from '../../../shared/domain/ids.ts';
import type { Logs } from '../../../shared/ports/logs.ts';

/** A service of its own, whose one revision has been asked nothing yet. */
export interface LogsFixture {
  readonly logs: Logs;
  readonly ref: ServiceRef;
  readonly revision: RevisionName;
  /** Sends the service one request. Resolves with the status of its answer. */
  request(userAgent: string): Promise<number>;
  /** Resolves when the log shows `count` requests of the revision. */
  logged(count: number): Promise<void>;
  /** Deletes the service and closes what was opened. */
  close(): Promise<void>;
}

const userAgents = ['contract/1', 'contract/2', 'a "quoted" contract/3'];

/** What every implementation of the port promises. The tests share one service. */
export function logsContract(name: string, open: () => Promise<LogsFixture>, timeoutMs: number): void {
  describe(`Logs on ${name}`, () => {
    let fixture: LogsFixture;
    let statuses: readonly number[];
    let from: Date;
    let to: Date;
    const list = (query: { from?: Date; to?: Date; ref?: ServiceRef; revision?: RevisionName } = {}) =>
      fixture.logs.listRequests({ ref: fixture.ref, revision: fixture.revision, from, to, ...query });

    beforeAll(async () => {
      fixture = await open();
      // The platform's clock stamps the entries, and may differ from ours.
      from = new Date(Date.now() - 60_000);
      const answers: number[] = [];
      for (const userAgent of userAgents) answers.push(await fixture.request(userAgent));
      statuses = answers;
      await fixture.logged(userAgents.length);
      to = new Date(Date.now() + 60_000);
    }, timeoutMs);
    afterAll(() => fixture?.close(), timeoutMs);
    const test = (title: string, body: () => Promise<void>) => it(title, body, timeoutMs);

    test('says of each request when it came, how it was answered, how fast, and who sent it', async () => {
      const { requests, complete } = await list();
      expect(complete).toBe(true);
      expect(requests.map(({ userAgent }) => userAgent)).toEqual(userAgents.toReversed());
      expect(requests.map(({ status }) => status)).toEqual(statuses.toReversed());
      for (const { at, latencyMs } of requests) {
        expect(at.getTime()).toBeGreaterThanOrEqual(from.getTime());
        expect(at.getTime()).toBeLessThan(to.getTime());
        expect(latencyMs).toBeGreaterThan(0);
        expect(latencyMs).toBeLessThan(timeoutMs);
      }
    });

    test('gives the newest first', async () => {
      const times = (await list()).requests.map(({ at }) => at.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    });

    test('takes the first moment of a window in, and the last one not', async () => {
      const { requests } = await list();
      const [newest] = requests;
      const oldest = requests.at(-1);
      if (newest === undefined || oldest === undefined) throw new Error('requests expected');
      const within = ({ at }: LoggedRequest) => at >= oldest.at && at < newest.at;
      const found = await list({ from: oldest.at, to: newest.at });
      expect(found).toEqual({ requests: requests.filter(within), complete: true });
      expect(found.requests).toContainEqual(oldest);
    });

    test('finds nothing in a window without requests', async () => {
      const before = new Date(from.getTime() - 60_000);
      await expect(list({ from: before, to: from })).resolves.toEqual({ requests: [], complete: true });
    });

    test('finds nothing of another revision, service or region', async () => {
      const { ref } = fixture;
      for (const query of [
        { revision: `${ref.service}-99999-zzz` as RevisionName },
        { ref: { ...ref, service: `${ref.service}-2` } },
        { ref: { ...ref, region: 'africa-south1' } },
      ]) {
        await expect(list(query)).resolves.toEqual({ requests: [], complete: true });
      }
    });
  });
}
