import { z } from 'zod';
import { EtagSchema, RevisionNameSchema } from '../../contracts/id-schemas.ts';
import type { RevisionName, ServiceRef } from '../../domain/ids.ts';
import type { ServiceState, ServingTarget, TrafficTarget } from '../../domain/service-state.ts';
import { GoogleCondition } from './condition.ts';
import { enumName, Int64, Labels, shortName, Text, Timestamp } from './wire.ts';

const latest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const byRevision = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

/** Short or full, or empty where there is none. */
const OptionalRevision = Text.transform((name) => (name === undefined ? undefined : shortName(name))).pipe(
  RevisionNameSchema.optional(),
);

const Target = z.object({
  type: enumName({ 1: latest, 2: byRevision }),
  revision: OptionalRevision,
  percent: z.number().nullish(),
  tag: Text,
  uri: Text,
});

const GoogleService = z
  .object({
    etag: EtagSchema,
    generation: Int64,
    uri: z.string(),
    annotations: Labels,
    traffic: z.array(Target.omit({ uri: true })).nullish(),
    trafficStatuses: z.array(Target).nullish(),
    latestReadyRevision: OptionalRevision,
    latestCreatedRevision: OptionalRevision,
    reconciling: z.boolean().nullish(),
    conditions: z.array(GoogleCondition).nullish(),
    terminalCondition: GoogleCondition.nullish(),
    updateTime: Timestamp,
    createTime: Timestamp,
  })
  .transform((service, context) => {
    // The latest of them counts: no documentation promises that a condition's time changes with every change of
    // traffic.
    const times = [
      service.conditions?.find(({ type }) => type === 'RoutesReady')?.lastTransitionTime,
      service.terminalCondition?.lastTransitionTime,
      service.updateTime,
      service.createTime,
    ].flatMap((time) => (time === undefined ? [] : [time.getTime()]));
    if (times.length === 0) {
      context.addIssue({ code: 'custom', message: 'no time of any kind' });
      return z.NEVER;
    }
    const routesChangedAt = new Date(Math.max(...times));
    return { ...service, routesChangedAt };
  });

/**
 * The fields that we use of a google.cloud.run.v2.Service.
 * @throws {z.ZodError} the answer is not what the API promises
 */
export function parseGoogleService(ref: ServiceRef, answer: unknown): ServiceState {
  const service = GoogleService.parse(answer);
  const latestReady = service.latestReadyRevision;
  return {
    ref,
    etag: service.etag,
    generation: service.generation,
    uri: service.uri,
    annotations: service.annotations,
    traffic: (service.traffic ?? []).map(toTarget),
    serving: (service.trafficStatuses ?? []).flatMap((status) => toServing(status, latestReady)),
    latestReadyRevision: latestReady,
    latestCreatedRevision: service.latestCreatedRevision,
    reconciling: service.reconciling ?? false,
    routesChangedAt: service.routesChangedAt,
  };
}

function toTarget({ type, revision, percent, tag }: Omit<z.infer<typeof Target>, 'uri'>): TrafficTarget {
  return { revision: type === latest ? undefined : revision, percent: percent ?? 0, tag };
}

/** The status of a LATEST target does not say which revision it is. */
function toServing(
  { type, revision: named, percent, tag, uri }: z.infer<typeof Target>,
  latestReady: RevisionName | undefined,
): ServingTarget[] {
  const revision = named ?? (type === byRevision ? undefined : latestReady);
  return revision === undefined ? [] : [{ revision, percent: percent ?? 0, tag, uri }];
}

/** A traffic target in the API's form. */
export interface GoogleTarget {
  readonly type: typeof latest | typeof byRevision;
  readonly revision?: string;
  readonly percent: number;
  readonly tag?: string;
}

export function toGoogleTarget({ revision, percent, tag }: TrafficTarget): GoogleTarget {
  const named = tag === undefined ? {} : { tag };
  if (revision === undefined) return { type: latest, percent, ...named };
  return { type: byRevision, revision, percent, ...named };
}
