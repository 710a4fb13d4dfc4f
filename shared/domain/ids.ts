import { createHash } from 'node:crypto';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** 20 hex digits: hash of project, region, service, revision and attempt. */
export type RunId = Id<'RunId'>;
/** 20 hex digits: hash of project, region and service. */
export type ServiceKey = Id<'ServiceKey'>;
export type RevisionName = Id<'RevisionName'>;
export type BuildId = Id<'BuildId'>;
/** Cloud Run's opaque version of a service; a write that carries a stale one is refused. */
export type Etag = Id<'Etag'>;
/** `{runId}.{stage}.{kind}`: one effect of one decision, done at most once. */
export type EffectId = Id<'EffectId'>;
/** 20 hex digits: hash of a parsed config. */
export type ConfigDigest = Id<'ConfigDigest'>;
/** 20 hex digits: hash of the findings of a static analysis. */
export type ScanId = Id<'ScanId'>;

/** Where a Cloud Run service lives. `project` is the project id, never its number. */
export interface ServiceRef {
  readonly project: string;
  readonly region: string;
  readonly service: string;
}

/** Which ids may become part of a Firestore path; build ids are UUIDs, composite ids join with dots. */
const documentId = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$/;
const maxDocumentIdLength = 128;

export function isDocumentId(id: string): boolean {
  return id.length <= maxDocumentIdLength && documentId.test(id);
}

/** @throws {TypeError} when `id` is outside the allow-list */
export function assertDocumentId(id: string): string {
  if (!isDocumentId(id)) throw new TypeError(`not a document id: ${JSON.stringify(id.slice(0, 64))}`);
  return id;
}

/** 20 hex digits over the parts; no part that Google accepts can contain the separator. */
export function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 20);
}

export function serviceKeyOf(ref: ServiceRef): ServiceKey {
  return hashOf(ref.project, ref.region, ref.service) as ServiceKey;
}

/** @param attempt 1 for the first validation of a revision; each later one is requested explicitly */
export function runIdOf(ref: ServiceRef, revision: RevisionName, attempt: number): RunId {
  return hashOf(ref.project, ref.region, ref.service, revision, String(attempt)) as RunId;
}

export function effectIdOf(runId: RunId, stage: string, kind: string): EffectId {
  return assertDocumentId(`${runId}.${stage}.${kind}`) as EffectId;
}

export function decisionIdOf(runId: RunId, stage: string): string {
  return assertDocumentId(`${runId}.${stage}`);
}
