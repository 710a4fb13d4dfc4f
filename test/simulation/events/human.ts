import type { RevisionName } from '../../../shared/domain/ids.ts';
import {
  formatSplit,
  sameSplit,
  specSplit,
  type TrafficTarget,
} from '../../../shared/domain/service-state.ts';
import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';

export const edits = ['to-latest', 'to-newest', 'to-older', 'split'] as const;
export type Edit = (typeof edits)[number];

/** A human moves traffic, and keeps every tag. */
export function editTraffic(edit: Edit, { cloud, kernel, humanEdits, log }: SimWorld): void {
  const ready = cloud.revisions.filter((revision) => revision.isReady).map((revision) => revision.name);
  const percents = percentsOf(edit, ready);
  if (!percents) return;
  const tags = cloud.traffic
    .filter((target) => target.tag !== undefined && cloud.find(target.revision))
    .map((target) => ({ ...target, percent: 0 }));
  const latest = cloud.state().latestReadyRevision;
  const before = specSplit(cloud.traffic, latest);
  const traffic = [...percents, ...tags];
  if (sameSplit(before, specSplit(traffic, latest))) return;
  cloud.editTraffic(traffic);
  humanEdits.push({ atMs: kernel.nowMs });
  log.count('human edits');
  log.tell('human', `moves traffic: ${formatSplit(specSplit(traffic, latest))}`);
}

function percentsOf(edit: Edit, ready: readonly RevisionName[]): TrafficTarget[] | undefined {
  const [newest, older] = ready;
  if (newest === undefined) return undefined;
  switch (edit) {
    case 'to-latest':
      return [{ percent: 100 }];
    case 'to-newest':
      return [{ revision: newest, percent: 100 }];
    case 'to-older':
      return older && [{ revision: older, percent: 100 }];
    case 'split':
      return (
        older && [
          { revision: newest, percent: 50 },
          { revision: older, percent: 50 },
        ]
      );
  }
}

/** A human, or a clean-up, deletes a revision that nobody uses. */
export function deleteRevision(dice: Dice, { cloud, log }: SimWorld): void {
  const [first, ...others] = cloud.revisions.filter((revision) => !revision.deleted);
  if (!first) return;
  const revision = dice.pick([first, ...others]);
  if (!cloud.remove(revision)) return;
  log.count('deletions');
  log.tell('human', `deletes ${revision.name}`);
}
