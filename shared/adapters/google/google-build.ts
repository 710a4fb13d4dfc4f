import { z } from 'zod';
import { BuildIdSchema } from '../../contracts/id-schemas.ts';
import type { Build, BuildStatus } from '../../domain/build.ts';
import { enumName, Labels, shortName, Text, Timestamp } from './wire.ts';

const statusNumbers = {
  0: 'STATUS_UNKNOWN',
  10: 'PENDING',
  1: 'QUEUED',
  2: 'WORKING',
  3: 'SUCCESS',
  4: 'FAILURE',
  5: 'INTERNAL_ERROR',
  6: 'TIMEOUT',
  7: 'CANCELLED',
  9: 'EXPIRED',
} as const satisfies Record<number, BuildStatus>;

const Status = enumName(statusNumbers).pipe(z.enum(Object.values(statusNumbers)).catch('STATUS_UNKNOWN'));

/** bytes: a Buffer, or base64 text. */
const Utf8Bytes = z
  .union([z.instanceof(Uint8Array), z.string()])
  .transform((value) =>
    Buffer.from(value instanceof Uint8Array ? value : Buffer.from(value, 'base64')).toString('utf8'),
  );

const GoogleBuild = z.object({
  id: BuildIdSchema,
  name: z.string(),
  projectId: z.string(),
  status: Status,
  startTime: Timestamp,
  finishTime: Timestamp,
  buildTriggerId: Text,
  substitutions: Labels,
  results: z.object({ buildStepOutputs: z.array(Utf8Bytes).nullish() }).nullish(),
  serviceAccount: Text,
});

/** The fields that we use of a google.devtools.cloudbuild.v1.Build. */
export function parseGoogleBuild(answer: unknown): z.ZodSafeParseResult<Build> {
  return GoogleBuild.transform(
    ({ buildTriggerId, results, serviceAccount, ...build }): Build => ({
      ...build,
      triggerId: buildTriggerId,
      stepOutputs: results?.buildStepOutputs ?? [],
      // `projects/{p}/serviceAccounts/{e-mail}`
      serviceAccount: serviceAccount === undefined ? undefined : shortName(serviceAccount),
    }),
  ).safeParse(answer);
}
