import { z } from 'zod';
import { PermanentError } from '../../domain/errors.ts';
import { checkDocumentPath } from '../store/check-path.ts';
import type { StoredDocument } from '../store/documents.ts';
import { toStoredFields } from '../store/stored-value.ts';
import { fieldsFromTaggedJson, TaggedFieldsSchema, taggedFields } from '../store/tagged-json.ts';

const SnapshotSchema = z.strictObject({
  format: z.literal('deploy-loop-records'),
  documents: z.array(
    z.strictObject({
      path: z.string(),
      version: z.number().int().min(1),
      createTime: z.iso.datetime(),
      fields: TaggedFieldsSchema,
    }),
  ),
});
type Snapshot = z.infer<typeof SnapshotSchema>;

/** The same documents always give the same text. */
export function writeSnapshot(documents: Iterable<StoredDocument>): string {
  const sorted = [...documents].sort((a, b) => (a.path < b.path ? -1 : 1));
  const snapshot: Snapshot = {
    format: 'deploy-loop-records',
    documents: sorted.map(({ path, version, createTime, fields }) => ({
      path,
      version,
      createTime: createTime.toISOString(),
      fields: taggedFields(fields),
    })),
  };
  return `${JSON.stringify(snapshot, undefined, 1)}\n`;
}

/** @throws {PermanentError} `text` was not made by `writeSnapshot` */
export function readSnapshot(text: string): readonly StoredDocument[] {
  return parseSnapshot(text).documents.map(({ path, version, createTime, fields }) => {
    const id = checkPath(path);
    const stored = toStoredFields(fieldsFromTaggedJson(fields), path);
    return { path, id, version, createTime: new Date(createTime), fields: stored };
  });
}

function parseSnapshot(text: string): Snapshot {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new PermanentError('the saved records are not JSON', { cause });
  }
  const parsed = SnapshotSchema.safeParse(json);
  if (!parsed.success)
    throw new PermanentError(`these are not saved records: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** @returns the id at the end of `path` */
function checkPath(path: string): string {
  const end = path.lastIndexOf('/');
  const id = path.slice(end + 1);
  checkDocumentPath({ collection: { path: path.slice(0, Math.max(end, 0)), schema: z.unknown() }, id });
  return id;
}
