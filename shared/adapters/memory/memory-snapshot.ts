import { z } from 'zod';
import { PermanentError } from '../../domain/errors.ts';
import { checkDocumentPath } from '../store/check-path.ts';
import { type StoredFields, toStoredFields } from '../store/stored-value.ts';
import { fieldsFromTaggedJson, type TaggedJson, toTaggedJson } from './tagged-json.ts';

/** One document of a memory store. */
export interface MemoryDocument {
  readonly path: string;
  readonly id: string;
  readonly fields: StoredFields;
  /** Of the commit that changed it last. */
  readonly version: number;
  readonly createTime: Date;
}

const TaggedJsonSchema: z.ZodType<TaggedJson> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(TaggedJsonSchema),
    z.record(z.string(), TaggedJsonSchema),
  ]),
);

const SnapshotSchema = z.strictObject({
  format: z.literal('deploy-loop-records'),
  documents: z.array(
    z.strictObject({
      path: z.string(),
      version: z.number().int().min(1),
      createTime: z.iso.datetime(),
      fields: z.record(z.string(), TaggedJsonSchema),
    }),
  ),
});
type Snapshot = z.infer<typeof SnapshotSchema>;

/** The same documents always give the same text. */
export function writeSnapshot(documents: Iterable<MemoryDocument>): string {
  const sorted = [...documents].sort((a, b) => (a.path < b.path ? -1 : 1));
  const snapshot: Snapshot = {
    format: 'deploy-loop-records',
    documents: sorted.map(({ path, version, createTime, fields }) => ({
      path,
      version,
      createTime: createTime.toISOString(),
      fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toTaggedJson(value)])),
    })),
  };
  return `${JSON.stringify(snapshot, undefined, 1)}\n`;
}

/** @throws {PermanentError} `text` was not made by `writeSnapshot` */
export function readSnapshot(text: string): readonly MemoryDocument[] {
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
