import { z } from 'zod';
import type { Tree, TreeFile } from '../../ports/scm/scm-commits.ts';

/** By git's modes; a directory (040000) is none. */
const kinds = new Map<string, TreeFile['kind']>([
  ['100644', 'file'],
  ['100755', 'executable'],
  ['120000', 'symlink'],
  ['160000', 'submodule'],
]);

export const TreeSchema = z
  .object({
    tree: z.array(
      z.object({ path: z.string(), mode: z.string(), sha: z.string(), size: z.number().default(0) }),
    ),
    truncated: z.boolean(),
  })
  .transform(
    ({ tree, truncated }): Tree => ({
      files: tree.flatMap(({ path, mode, sha, size }) => {
        const kind = kinds.get(mode);
        return kind ? [{ path, kind, sha, size }] : [];
      }),
      isCut: truncated,
    }),
  );
