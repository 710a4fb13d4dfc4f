import { pinAnnotation } from '../../../../shared/contracts/records/pin-annotation.ts';
import type { TrafficTarget } from '../../../../shared/domain/service-state.ts';
import { effectAnnotation, lastGoodAnnotation } from '../../../../shared/domain/traffic/plan-traffic.ts';
import type { SimWorld } from '../../sim-world.ts';
import type { Invariant } from '../invariant.ts';

const ours: readonly string[] = [effectAnnotation, lastGoodAnnotation, pinAnnotation];

/** What belongs to the user stays: his tags on living revisions, his annotations; and a spec is a whole one. */
export function keepsUserSettings({ cloud }: SimWorld): Invariant {
  const userTags = (traffic: readonly TrafficTarget[]) =>
    traffic.flatMap(({ tag, revision }) =>
      tag !== undefined && !/^(deploy-loop|dl)-/.test(tag) && (revision === undefined || cloud.find(revision))
        ? [`${tag}=${revision}`]
        : [],
    );
  return {
    promise: 'user tags and annotations survive, and percents sum to 100',
    onWrite: ({ before, change, effectId }) => {
      const kept = new Set(userTags(change.traffic));
      const lost = userTags(before.traffic).find((tag) => !kept.has(tag));
      if (lost !== undefined) return `${effectId} dropped the tag ${lost}`;
      const changed = Object.entries(before.annotations).find(
        ([name, value]) => !ours.includes(name) && change.annotations[name] !== value,
      );
      if (changed) return `${effectId} changed the annotation ${changed[0]}`;
      const sum = change.traffic.reduce((total, { percent }) => total + percent, 0);
      return sum === 100 ? undefined : `${effectId} wrote ${sum} percent`;
    },
  };
}
