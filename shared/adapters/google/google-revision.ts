import { z } from 'zod';
import { RevisionNameSchema } from '../../contracts/id-schemas.ts';
import type { Readiness, Revision } from '../../domain/revision.ts';
import { GoogleCondition } from './condition.ts';
import { Labels, shortName, Text, Timestamp } from './wire.ts';

const GoogleRevision = z.object({
  name: z.string().transform(shortName).pipe(RevisionNameSchema),
  createTime: Timestamp.pipe(z.date()),
  labels: Labels,
  scaling: z.object({ minInstanceCount: z.number().nullish() }).nullish(),
  conditions: z.array(GoogleCondition).nullish(),
  creator: Text,
});

/**
 * The fields that we use of a google.cloud.run.v2.Revision.
 * @throws {z.ZodError} the answer is not what the API promises
 */
export function parseGoogleRevision(answer: unknown): Revision {
  const { name, createTime, labels, scaling, conditions, creator } = GoogleRevision.parse(answer);
  return {
    name,
    createTime,
    readiness: readinessOf(conditions ?? []),
    readyAt: conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime,
    labels,
    minInstances: scaling?.minInstanceCount ?? 0,
    creator,
  };
}

/**
 * A revision without traffic reads Ready with the reason RETIRED, whether it is healthy or never started: its
 * container's condition distinguishes the two.
 */
function readinessOf(conditions: readonly GoogleCondition[]): Readiness {
  const ready = conditions.find(({ type }) => type === 'Ready');
  const container = conditions.find(({ type }) => type === 'ContainerHealthy');
  if (container?.state === 'CONDITION_FAILED') return failed(container);
  if (ready?.state === 'CONDITION_SUCCEEDED') return { kind: 'ready' };
  return ready?.state === 'CONDITION_FAILED' ? failed(ready) : { kind: 'pending' };
}

function failed({ reason, message }: GoogleCondition): Readiness {
  return { kind: 'failed', reason: reason ?? 'UNKNOWN', message: message ?? '' };
}
