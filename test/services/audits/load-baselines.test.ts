import { describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { audits, services } from '../../../shared/contracts/records.ts';
import type { Audit } from '../../../shared/domain/audits/audit.ts';
import { runIdOf, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { loadBaselines } from '../../../shared/services/audits/load-baselines.ts';
import { aRef } from '../../builders.ts';
import { aGood, aRun, name, now, order } from '../../domain/entities.ts';
import { World } from '../../world/world.ts';

const serviceKey = serviceKeyOf(aRef);
const result: Audit = { name: 'drift', status: 'pass', minimum: 1, gate: true, rows: [] };

/** The revision that `web-3` is compared with, where these are good. */
async function baselineOf(...good: readonly ReturnType<typeof goodOf>[]) {
  const { store, ports } = await World.create();
  const lastGood = good.map(({ entry }) => entry);
  await store.commit([
    create(documentIn(services, serviceKey), { ref: aRef, name: 'web', lastGood, rollbacks: [] }),
    ...good.flatMap(({ entry: { runId, revision }, results }) => {
      const record = { runId, serviceKey, ref: aRef, revision, gates: [], createdAt: now };
      return results ? [create(documentIn(audits, runId), { ...record, results })] : [];
    }),
  ]);
  const run = aRun({ serviceKey, candidate: order('web-3') });
  return (await loadBaselines(run, ports)).newest('drift', () => true)?.revision;
}

function goodOf(revision: string, results?: Audit[], movedAway?: true) {
  const entry = aGood(revision, { runId: runIdOf(aRef, name(revision), 1), movedAway });
  return { entry, results };
}

describe('the baseline of an audit', () => {
  it('is the newest good revision before the run that has this audit', async () => {
    const all = [goodOf('web-2', [result]), goodOf('web-1', [result])];
    expect(await baselineOf(...all)).toBe('web-2');
    expect(await baselineOf(goodOf('web-2'), goodOf('web-1', [result]))).toBe('web-1');
    expect(await baselineOf()).toBeUndefined();
  });

  it('is neither the revision itself nor a newer one', async () => {
    const all = [goodOf('web-4', [result]), goodOf('web-3', [result]), goodOf('web-1', [result])];
    expect(await baselineOf(...all)).toBe('web-1');
  });

  it('is none that people have moved users away from, or that failed at its gate', async () => {
    const failed: Audit = { ...result, status: 'fail' };
    expect(await baselineOf(goodOf('web-2', [result], true), goodOf('web-1', [result]))).toBe('web-1');
    expect(await baselineOf(goodOf('web-2', [failed]), goodOf('web-1', [result]))).toBe('web-1');
    expect(await baselineOf(goodOf('web-2', [{ ...failed, gate: false }]))).toBe('web-2');
  });
});
