import { z } from 'zod';
import { BuildIdSchema } from './id-schemas.ts';
import { type Delivery, MessageError, readDelivery } from './pubsub-message.ts';

/** The content of a Cloud Build notification. Only a hint: its receiver reads the build again by `name`. */
export interface BuildHint {
  /** `projects/{p}/locations/{region}/builds/{id}` */
  readonly name: string;
  readonly status: string;
}

const BuildSchema = z.object({
  id: BuildIdSchema,
  projectId: z.string().min(1),
  status: z.string().min(1),
  name: z.string().optional(),
});

/**
 * Reads the message that Cloud Build publishes: attributes `buildId` and `status`, and the Build resource as data.
 * @throws {MessageError} naming the fault
 */
export function readCloudBuildMessage({ data, attributes }: Delivery): BuildHint {
  const build = BuildSchema.safeParse(data);
  if (!build.success) {
    const [issue] = build.error.issues;
    throw new MessageError(
      `data is not a Cloud Build build: ${issue?.path.join('.') || 'data'}: ${issue?.message}`,
    );
  }
  const { id, projectId, status, name } = build.data;
  if (attributes.buildId !== undefined && attributes.buildId !== id) {
    throw new MessageError('attribute buildId and the build in data differ');
  }
  return { name: name ?? `projects/${projectId}/locations/global/builds/${id}`, status };
}

/**
 * Reads what a person has of a build, from parsed JSON: its Pub/Sub message, or the build itself as
 * `gcloud builds describe --format=json` prints it.
 * @throws {MessageError} naming the fault
 */
export function readBuildHint(body: unknown): BuildHint {
  if (Array.isArray(body) && body.length !== 1)
    throw new MessageError(
      body.length === 0
        ? 'contains no message: a subscription gets the builds that end after it was made; pull again, or take the build itself: gcloud builds describe ID --format=json'
        : `contains ${body.length} messages: keep one`,
    );
  const isBuild = BuildSchema.safeParse(body).success;
  return readCloudBuildMessage(
    isBuild
      ? { data: body, attributes: {}, messageId: '', subscription: '', deliveryAttempt: undefined }
      : readDelivery(body),
  );
}
