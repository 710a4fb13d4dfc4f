import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { protobuf } from 'google-gax';
import { z } from 'zod';

/** One document that a Commit request writes. */
export interface CommittedWrite {
  readonly kind: 'create' | 'update';
  /** `runs/1a2b`, below the database. */
  readonly path: string;
}

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@google-cloud/firestore/package.json'));
const root = protobuf.Root.fromJSON(JSON.parse(readFileSync(join(folder, 'build/protos/v1.json'), 'utf8')));

const CommitRequest = z.object({
  writes: z.array(
    z.object({
      update: z.object({ name: z.string() }),
      currentDocument: z.object({ exists: z.boolean().optional() }).optional(),
    }),
  ),
});

/** What a serialized google.firestore.v1.CommitRequest writes, in its order. @throws {ZodError} something else */
export function readCommit(bytes: Uint8Array): readonly CommittedWrite[] {
  const type = root.lookupType('google.firestore.v1.CommitRequest');
  const { writes } = CommitRequest.parse(type.toObject(type.decode(bytes)));
  return writes.map(({ update, currentDocument }) => ({
    kind: currentDocument?.exists === false ? 'create' : 'update',
    path: update.name.slice(update.name.indexOf('/documents/') + '/documents/'.length),
  }));
}
