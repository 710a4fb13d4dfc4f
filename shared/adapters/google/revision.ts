import { z } from 'zod';
import { RevisionNameSchema } from '../../contracts/ids.ts';
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
 * What we use of a google.cloud.run.v2.Revision.
 * @throws {z.ZodError} the answer is not what the API promises
 */
export function parseGoogleRevision(answer: unknown): Revision {
  const { name, createTime, labels, scaling, conditions, creator } = GoogleRevision.parse(answer);
  return {
    name,
    createTime,
    readiness: readinessOf(conditions?.find(({ type }) => type === 'Ready')),
    labels,
    minInstances: scaling?.minInstanceCount ?? 0,
    creator,
  };
}

/** A revision that never became ready reads, after its clean-up, as Ready with the reason RETIRED. */
function readinessOf(ready: GoogleCondition | undefined): Readiness {
  if (ready?.reason === 'RETIRED' || ready?.reason === 'RETIRING') return { kind: 'retired' };
  if (ready?.state === 'CONDITION_SUCCEEDED') return { kind: 'ready' };
  if (ready?.state !== 'CONDITION_FAILED') return { kind: 'pending' };
  return { kind: 'failed', reason: ready.reason ?? 'UNKNOWN', message: ready.message ?? '' };
}
