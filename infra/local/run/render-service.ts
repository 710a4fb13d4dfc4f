import type { ServiceRef } from '../../../shared/domain/ids.ts';
import { revisionName, serviceName } from '../resource-names.ts';
import { timestampOf } from '../timestamp.ts';
import { type Condition, renderCondition } from './condition.ts';
import type { TrafficStatus } from './service-routes.ts';
import type { ServiceSpec } from './service-spec.ts';

/** A service at one moment. */
export interface ServiceSnapshot {
  readonly ref: ServiceRef;
  readonly uid: string;
  readonly uri: string;
  readonly spec: ServiceSpec | undefined;
  readonly etag: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly createTime: Date;
  readonly updateTime: Date;
  readonly creator: string;
  readonly lastModifier: string;
  readonly reconciling: boolean;
  readonly routes: Condition;
  readonly configurations: Condition;
  /** Short names of revisions. */
  readonly latestReady: string | undefined;
  readonly latestCreated: string | undefined;
  readonly statuses: readonly TrafficStatus[];
}

/** As google.cloud.run.v2.Service. */
export function renderService(snapshot: ServiceSnapshot): object {
  const { ref, uid, uri, spec, etag, creator, lastModifier, reconciling, routes, configurations } = snapshot;
  const nameOf = (revision: string | undefined) =>
    revision === undefined ? '' : revisionName(ref, revision);
  return {
    ...spec,
    name: serviceName(ref),
    uid,
    etag,
    generation: String(snapshot.generation),
    observedGeneration: String(snapshot.observedGeneration),
    createTime: timestampOf(snapshot.createTime),
    updateTime: timestampOf(snapshot.updateTime),
    creator,
    lastModifier,
    reconciling,
    terminalCondition: renderCondition(terminalOf(snapshot)),
    conditions: [routes, configurations].map(renderCondition),
    latestReadyRevision: nameOf(snapshot.latestReady),
    latestCreatedRevision: nameOf(snapshot.latestCreated),
    trafficStatuses: [...snapshot.statuses],
    uri,
    urls: [uri],
  };
}

/** Ready is as good as the worse of the two. */
function terminalOf({ reconciling, routes, configurations, updateTime }: ServiceSnapshot): Condition {
  const type = 'Ready';
  if (reconciling) return { type, state: 'CONDITION_RECONCILING', lastTransitionTime: updateTime };
  return { ...(configurations.state === 'CONDITION_FAILED' ? configurations : routes), type };
}
