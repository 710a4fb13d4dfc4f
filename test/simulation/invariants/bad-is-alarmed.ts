import { currentConfig } from '../../../shared/contracts/records.ts';
import { servingSplit } from '../../../shared/domain/service-state.ts';
import type { SimRevision } from '../cloud/sim-revision.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

const leastShare = 5;
const patienceMs = 600_000;
const leastSweeps = 5;

/** What is bad by its own doing and has users does not stay so unseen, whoever gave them to it. */
export function badIsAlarmed(world: SimWorld): Invariant {
  const { records, cloud, kernel, network } = world;
  const unseen = new Map<SimRevision, { readonly fromMs: number; sweeps: number }>();
  const told = new Set<SimRevision>();

  /** One alarm tells of all that it is about. */
  const isAlarmed = ({ name }: SimRevision) => {
    const alarm = records.serviceOf(cloud.ref)?.alarm;
    return alarm?.revision === name || alarm?.text.includes(`${name} `) === true;
  };
  const isWorkedOn = (revision: SimRevision) =>
    [...records.runs.values()].some((run) => run.state !== 'closed' && revision.is(run.candidate));

  return {
    promise: 'what is bad and has users for ten minutes is an alarm, is being judged, or has lost them',
    onSweep: () => {
      if (network.deadRegions.has(cloud.ref.region)) return undefined;
      // Without a config in force no sweep looks at services.
      if (records.control(currentConfig.id) === undefined) return undefined;
      const bad = badOnesOf(world);
      const isCovered = (revision: SimRevision) => isAlarmed(revision) || isWorkedOn(revision);
      for (const revision of unseen.keys())
        if (!bad.includes(revision) || isCovered(revision)) unseen.delete(revision);
      for (const revision of bad) {
        if (isCovered(revision) || told.has(revision)) continue;
        const entry = unseen.get(revision) ?? { fromMs: kernel.nowMs, sweeps: 0 };
        unseen.set(revision, entry);
        entry.sweeps++;
        if (kernel.nowMs - entry.fromMs < patienceMs || entry.sweeps < leastSweeps) continue;
        told.add(revision);
        return `${revision.name} (${revision.behaviour.kind}) has users for ten minutes, and there is no alarm`;
      }
      return undefined;
    },
  };
}

/** What is known to be good was good once, and is not watched for ever. */
function badOnesOf({ cloud, records, kernel }: SimWorld): SimRevision[] {
  const { lastGood = [] } = records.serviceOf(cloud.ref) ?? {};
  return Object.entries(servingSplit(cloud.state())).flatMap(([name, percent]) => {
    const revision = cloud.find(name);
    if (!revision || percent < leastShare || lastGood.some((good) => revision.is(good))) return [];
    const isBad = revision.behaviour.kind === 'flapping' || revision.failingAt(kernel.nowMs);
    return isBad ? [revision] : [];
  });
}
