import { runs } from '../../../shared/contracts/records.ts';
import { servingSplit } from '../../../shared/domain/service-state.ts';
import type { SimRevision } from '../cloud/sim-revision.ts';
import type { SimWorld } from '../sim-world.ts';
import { type Invariant, partsOfEffect } from './invariant.ts';

/** What a revision may fail of its own for before it is seen: a lost message is made good by the next sweep. */
const blinkMs = 60_000;

/** `restored` is said of what users get. */
export function restoredIsTrue({ records, cloud, kernel, humanEdits }: SimWorld): Invariant {
  const landedMs = new Map<string, number>();
  const lookedMs = new Map<string, number>();
  const told = new Set<string>();
  const failsForLong = (revision: SimRevision | undefined, atMs: number) =>
    revision === undefined || [0, blinkMs / 3, blinkMs].every((agoMs) => revision.failingAt(atMs - agoMs));
  return {
    promise: 'what serves when a run says restored answers well',
    onWrite: ({ effectId, landedMs: atMs }) => {
      const { runId, kind } = partsOfEffect(effectId);
      if (kind === 'rollback') landedMs.set(runId, atMs);
      return undefined;
    },
    onCommit: ({ ref }) => {
      const [, runId, collection] = ref.collection.path.split('/');
      if (runId && collection === 'health') lookedMs.set(runId, kernel.nowMs);
      const run = ref.collection.path === runs.path ? records.runs.get(ref.id) : undefined;
      if (run?.outcome?.code !== 'restored' || run.ref.service !== cloud.ref.service || told.has(ref.id))
        return undefined;
      told.add(ref.id);
      const served = Object.keys(servingSplit(cloud.state()));
      // What turns bad later is another incident.
      const atMs = lookedMs.get(ref.id) ?? kernel.nowMs;
      const failing = served.find((name) => failsForLong(cloud.find(name), atMs));
      // What people do while it is being decided is theirs.
      const isTheirs = humanEdits.some(({ atMs }) => atMs > (landedMs.get(ref.id) ?? 0));
      if (failing !== undefined && !isTheirs) return `${failing} serves and fails`;
      const fromMs = landedMs.get(ref.id) ?? kernel.nowMs;
      const unseen = cloud
        .outagesIn(kernel.nowMs, kernel.nowMs)
        .find((past) => past.outage !== 'users' && past.fromMs < fromMs);
      return unseen && `nothing has answered well since before the write`;
    },
  };
}
