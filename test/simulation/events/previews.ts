import { followsLatest, servingSplit, type TrafficTarget } from '../../../shared/domain/service-state.ts';
import { effectAnnotation } from '../../../shared/domain/traffic/plan-traffic.ts';
import type { Purpose } from '../cloud/sim-revision.ts';
import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';
import { type DeployPlan, deploy } from './deploys.ts';

/** As `gcloud run deploy --no-traffic`: users stay where they are, and where that was LATEST it is a name from now on. */
export function deployPreview(plan: DeployPlan, tag: string | undefined, world: SimWorld): void {
  const { cloud, log } = world;
  log.count('previews');
  nameLatest(world);
  // After a rollback every deploy comes without traffic: only a tag of its own tells a preview from the others.
  const purpose = tag === undefined && isRolledBack(world) ? purposeAfter(world) : 'preview';
  const { name } = deploy(plan, world, { purpose });
  if (tag !== undefined) cloud.editTraffic([...cloud.traffic, { revision: name, percent: 0, tag }]);
}

/** A rollback has landed, though it may not be recorded yet. */
function isRolledBack({ cloud, records }: SimWorld): boolean {
  const isWritten = cloud.annotations[effectAnnotation]?.includes('.rollback.') === true;
  return isWritten || records.serviceOf(cloud.ref)?.pin?.owner === 'guard';
}

/** Where people had LATEST, the next deploy is to serve; where they had names, they may move traffic themselves. */
function purposeAfter({ cloud, records }: SimWorld): Purpose {
  const { pin } = records.serviceOf(cloud.ref) ?? {};
  return pin && followsLatest(pin.before) ? 'serve' : 'wait';
}

/** What LATEST means now is written out. */
export function nameLatest({ cloud, kernel, humanEdits, log }: SimWorld): void {
  const latest = cloud.state().latestReadyRevision;
  const isLatest = ({ revision, percent }: TrafficTarget) => revision === undefined && percent > 0;
  if (latest === undefined || !cloud.traffic.some(isLatest)) return;
  log.count('LATEST by name');
  // Whoever was to serve next is kept from it by that.
  if (cloud.revisions[0]?.name !== latest) humanEdits.push({ atMs: kernel.nowMs });
  cloud.editTraffic(
    cloud.traffic.map((target) => (isLatest(target) ? { ...target, revision: latest } : target)),
  );
}

/** People add a tag to a revision, or take one of theirs away. */
export function editTags(dice: Dice, { cloud, log }: SimWorld): void {
  const own = cloud.traffic.findIndex(({ tag, percent }) => tag?.startsWith('look-') && percent === 0);
  log.count('tags by people');
  if (own >= 0 && dice.chance(0.5)) {
    cloud.editTraffic(cloud.traffic.toSpliced(own, 1));
    return;
  }
  const ready = cloud.revisions.filter((revision) => revision.isReady);
  const revision = ready[dice.below(ready.length)]?.name;
  const tag = `look-${log.count('tags added')}`;
  if (revision) cloud.editTraffic([...cloud.traffic, { revision, percent: 0, tag }]);
}

/** Some of the users are given to a revision by hand; the others stay where they are. */
export function giveShare(percent: number, dice: Dice, { cloud, kernel, humanEdits, log }: SimWorld): void {
  const split = servingSplit(cloud.state());
  const idle = cloud.revisions.filter(({ isReady, name }) => isReady && !split[name]);
  const chosen = idle[dice.chance(0.7) ? 0 : dice.below(idle.length)];
  const most = Object.entries(split).sort(([, a], [, b]) => b - a)[0];
  const from = cloud.find(most?.[0]);
  if (!chosen || !from || !most || most[1] <= percent) return;
  const tags = cloud.traffic
    .filter(({ tag }) => tag !== undefined)
    .map((tagged) => ({ ...tagged, percent: 0 }));
  const others = Object.entries(split).flatMap(([name, share]): TrafficTarget[] => {
    const revision = cloud.find(name)?.name;
    return revision === undefined
      ? []
      : [{ revision, percent: name === from.name ? share - percent : share }];
  });
  cloud.editTraffic([...others, { revision: chosen.name, percent }, ...tags]);
  humanEdits.push({ atMs: kernel.nowMs });
  log.count('shares by people');
  log.tell('human', `gives ${percent} % to ${chosen.name}`);
}
