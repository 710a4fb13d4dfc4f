import { killSwitch, services } from '../../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { formatSplit, servingSplit } from '../../../shared/domain/service-state.ts';
import type { SimRevision } from '../cloud/sim-revision.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

/** A good deploy that was to serve does so in the end, unless people or what they have set keep it away. */
export function goodServesAtLast(world: SimWorld): Invariant {
  const { cloud } = world;
  const alarms = new Set<string>();
  return {
    promise: 'the newest deploy, if it is good, is not withheld for good',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== services.path) return undefined;
      const alarm = world.records.serviceOf(cloud.ref)?.alarm;
      if (alarm) alarms.add(`${alarm.revision} ${alarm.text}`);
      return undefined;
    },
    atEnd: () => {
      const newest = cloud.revisions.find(({ deleted, purpose }) => !deleted && purpose !== 'preview');
      if (!newest?.isReady || newest.purpose !== 'serve' || newest.behaviour.kind !== 'good')
        return undefined;
      const split = servingSplit(cloud.state());
      // A tag by people makes it a preview for the guard.
      const isTagged = cloud.traffic.some(
        ({ revision, tag }) =>
          revision === newest.name && tag !== undefined && !tag.startsWith('deploy-loop-'),
      );
      if (isTagged) world.log.count('withheld, and a preview');
      if (isTagged || (split[newest.name] ?? 0) > 0 || isHeldByPeople(newest, world)) return undefined;
      if ([...alarms].some((text) => text.includes(`${newest.name} `))) {
        world.log.count('withheld, and an alarm');
        return undefined;
      }
      const runs = [...world.records.runs.values()].filter(({ candidate }) => newest.is(candidate));
      const last = runs.at(-1);
      // In a gate a person was told, and decides; so he does where nothing may be known any more.
      const told = runs.find(({ alert, verdict }) => alert || verdict === 'inconclusive');
      if (told) {
        world.log.count(`withheld, and told: ${told.reasons[0]?.code ?? told.outcome?.code}`);
        return undefined;
      }
      // A deploy of which no build told, and from which another has drawn the eyes: it is told of as long as it is the newest.
      if (last === undefined && !newest.labels['gcb-build-id'] && cloud.revisions[0] !== newest) {
        world.log.count('withheld, and unknown');
        return undefined;
      }
      const why = `${last?.verdict}, ${last?.reasons.map(({ code }) => code)}, ${last?.outcome?.code}`;
      return `${newest.name} is good, and at the end ${formatSplit(split)} serves: ${why}`;
    },
  };
}

function isHeldByPeople({ createdMs }: SimRevision, { records, cloud, humanEdits, log }: SimWorld): boolean {
  const key = serviceKeyOf(cloud.ref);
  const { pin } = records.serviceOf(cloud.ref) ?? {};
  const controls = [killSwitch.id, key, `pause.${key}`];
  return (
    humanEdits.some(({ atMs }) => atMs > createdMs - 600_000) ||
    pin?.owner === 'human' ||
    // What a person has put on a revision by its name stays there, as ever.
    [...records.effects.values()].some(({ request, state }) => request && state === 'done') ||
    controls.some((id) => records.control(id) !== undefined) ||
    ['kill switches', 'pauses', 'aborts', 'deletions'].some((what) => log.counts.has(what))
  );
}
