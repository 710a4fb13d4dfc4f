import { z } from 'zod';
import { BuildIdSchema } from './ids.ts';

/** What a Cloud Build notification claims. Only a hint: whoever acts on it reads the build again by `name`. */
export interface BuildHint {
  /** `projects/{p}/locations/{region}/builds/{id}` */
  readonly name: string;
  readonly status: string;
}

/** A message that nothing can be made of; delivering it again would not help. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

const maxDataLength = 1_400_000;

const PubsubMessageSchema = z.object({
  data: z.string().max(maxDataLength, 'data is larger than 1 MiB'),
  attributes: z.object({ buildId: z.string().optional(), status: z.string().optional() }).default({}),
});

/** As pushed, as pulled by gcloud (a list, or one of its items), or the bare message. */
const EnvelopeSchema = z.union([
  z.object({ message: PubsubMessageSchema }).transform(({ message }) => message),
  z.tuple([z.object({ message: PubsubMessageSchema })]).transform(([{ message }]) => message),
  PubsubMessageSchema,
]);

const BuildSchema = z.object({
  id: BuildIdSchema,
  projectId: z.string().min(1),
  status: z.string().min(1),
  name: z.string().optional(),
});

/**
 * Reads the Pub/Sub message that Cloud Build publishes: attributes `buildId` and `status`, and the Build resource as
 * base64 JSON.
 * @param body parsed JSON
 * @throws {MessageError} naming what is wrong
 */
export function parseCloudBuildMessage(body: unknown): BuildHint {
  const envelope = EnvelopeSchema.safeParse(body);
  if (!envelope.success)
    throw new MessageError(
      'not a Pub/Sub message: expected {"message": {"data": "<base64>", "attributes": {…}}}',
    );
  const { data, attributes } = envelope.data;
  const build = BuildSchema.safeParse(decodeJson(data));
  if (!build.success) {
    const [issue] = build.error.issues;
    throw new MessageError(
      `data is not a Cloud Build build: ${issue?.path.join('.') || 'data'}: ${issue?.message}`,
    );
  }
  const { id, projectId, status } = build.data;
  if (attributes.buildId !== undefined && attributes.buildId !== id)
    throw new MessageError('attribute buildId and the build in data differ');
  return { name: build.data.name ?? `projects/${projectId}/locations/global/builds/${id}`, status };
}

function decodeJson(data: string): unknown {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data) || data.length % 4 !== 0)
    throw new MessageError('data is not base64');
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new MessageError('data is not base64 of UTF-8 JSON', { cause: error });
  }
}
