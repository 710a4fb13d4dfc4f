import { z } from 'zod';
import type {
  BuildId,
  ConfigDigest,
  EffectId,
  Etag,
  RevisionName,
  RunId,
  ScanId,
  ServiceKey,
} from '../domain/ids.ts';
import { isDocumentId } from '../domain/ids.ts';

const hash = /^[0-9a-f]{20}$/;

/** The only place where text becomes an id. */
export const RunIdSchema = z
  .string()
  .regex(hash, 'a run id is 20 hex digits')
  .transform((id) => id as RunId);
export const ServiceKeySchema = z
  .string()
  .regex(hash, 'a service key is 20 hex digits')
  .transform((id) => id as ServiceKey);
export const ConfigDigestSchema = z
  .string()
  .regex(hash, 'a config digest is 20 hex digits')
  .transform((id) => id as ConfigDigest);
export const ScanIdSchema = z
  .string()
  .regex(hash, 'the id of a scan is 20 hex digits')
  .transform((id) => id as ScanId);
export const EffectIdSchema = z
  .string()
  .refine(isDocumentId, 'not an effect id')
  .transform((id) => id as EffectId);
export const NoticeIdSchema = z.string().refine(isDocumentId, 'not the id of a notice');
/** Cloud Run: lower-case letters, digits and dashes, starting with a letter, at most 63 characters. */
export const RevisionNameSchema = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'not a Cloud Run revision name')
  .transform((name) => name as RevisionName);
const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Cloud Build: a UUID. */
export const BuildIdSchema = z
  .string()
  .regex(new RegExp(`^${uuid}$`), 'a build id is a UUID')
  .transform((id) => id as BuildId);
/** `projects/{p}/locations/{region}/builds/{uuid}`; `p` may be a number. */
export const BuildNameSchema = z
  .string()
  .regex(
    new RegExp(`^projects/[a-z0-9][a-z0-9.:-]*/locations/[a-z0-9][a-z0-9-]*/builds/${uuid}$`),
    'not the name of a build',
  );
/** Never empty: without an etag a write would be unconditional. */
export const EtagSchema = z
  .string()
  .min(1)
  .transform((etag) => etag as Etag);

export const ProjectSchema = z
  .string()
  .regex(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'not a Google Cloud project id');
export const RegionSchema = z
  .string()
  .regex(/^[a-z]+-[a-z]+[0-9]{1,2}$/, 'not a Cloud Run region, such as us-central1');
export const ServiceNameSchema = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/,
    'not a Cloud Run service name (lower-case letters, digits, dashes; at most 49)',
  );
/** A service in commands, reports and the config. */
export const WatchedNameSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes');

/** Lenient, since records and messages of newer versions contain it too. */
export const ServiceRefSchema = z.object({
  project: ProjectSchema,
  region: RegionSchema,
  service: ServiceNameSchema,
});
