import { z } from 'zod';
import type { FileContent } from '../../ports/scm/scm-commits.ts';

const FileSchema = z.object({
  type: z.literal('file'),
  sha: z.string(),
  size: z.number(),
  /** `none` for over 1 MB: then the content is empty. */
  encoding: z.enum(['base64', 'none']),
  content: z.string(),
});

/** A directory is a list; links and submodules have a type of their own. */
export const ContentSchema = z.union([
  FileSchema,
  z.array(z.unknown()).transform(() => ({ type: 'other' as const })),
  z.object({ type: z.string() }).transform(() => ({ type: 'other' as const })),
]);

export function contentOf(found: z.output<typeof ContentSchema>, maxBytes: number): FileContent {
  if (found.type === 'other') return { kind: 'not-a-file' };
  const { size, encoding, content, sha } = found;
  if (size > maxBytes || encoding === 'none') return { kind: 'too-large', size };
  return { kind: 'file', bytes: Buffer.from(content, 'base64'), blobSha: sha };
}
