import { z } from 'zod';
import { ApiError, notFound } from '../api-error.ts';
import { type Call, created, ok, type Reply, type Route } from '../route.ts';
import type { FlatTree, TreeEntry } from '../state/git-objects.ts';

const reads = { permission: 'contents', level: 'read' } as const;
const writes = { permission: 'contents', level: 'write' } as const;

const TreeDraft = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.enum(['100644', '100755', '120000', '160000']),
      type: z.enum(['blob', 'commit']),
      content: z.string().optional(),
      sha: z.string().nullish(),
    }),
  ),
});
const CommitDraft = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
});
const RefDraft = z.object({ ref: z.string(), sha: z.string() });
const RefChange = z.object({ sha: z.string(), force: z.boolean().default(false) });

/** docs.github.com/rest/git */
export const gitRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/git/ref/*ref',
    needs: reads,
    handle({ repository, part }) {
      const sha = repository.git.branches.get(branchOf(part('ref')));
      if (sha === undefined) throw notFound();
      return ok(refWire(part('ref'), sha));
    },
  },
  {
    method: 'get',
    path: '/git/commits/:sha',
    needs: reads,
    handle({ repository, part }) {
      const commit = repository.git.commit(part('sha'));
      if (!commit) throw notFound();
      const { sha, tree, parents, message } = commit;
      return ok({ sha, message, tree: { sha: tree }, parents: parents.map((parent) => ({ sha: parent })) });
    },
  },
  {
    method: 'get',
    path: '/git/trees/:sha',
    needs: reads,
    handle({ repository, part }) {
      const tree = repository.git.tree(part('sha'));
      if (!tree) throw notFound();
      return ok({
        sha: part('sha'),
        tree: [...treeWire(tree, repository.git.blob.bind(repository.git))],
        truncated: false,
      });
    },
  },
  { method: 'post', path: '/git/trees', needs: writes, handle: makeTree },
  { method: 'post', path: '/git/commits', needs: writes, handle: makeCommit },
  { method: 'post', path: '/git/refs', needs: writes, handle: makeRef },
  { method: 'patch', path: '/git/refs/*ref', needs: writes, handle: moveRef },
];

/** Recursive: directories first seen, then what they hold. */
function* treeWire(tree: FlatTree, blob: (sha: string) => Buffer | undefined) {
  const directories = new Set([...tree.keys()].flatMap((path) => parentsOf(path)));
  for (const path of directories) yield { path, mode: '040000', type: 'tree', sha: '0'.repeat(40) };
  for (const [path, { mode, sha }] of tree) {
    const isCommit = mode === '160000';
    const size = isCommit ? {} : { size: blob(sha)?.length ?? 0 };
    yield { path, mode, type: isCommit ? 'commit' : 'blob', sha, ...size };
  }
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, n) => parts.slice(0, n + 1).join('/'));
}

function makeTree({ repository: { git }, body }: Call): Reply {
  const draft = body(TreeDraft);
  const files = new Map<string, TreeEntry>(draft.base_tree ? git.tree(draft.base_tree) : []);
  for (const { path, mode, content, sha } of draft.tree) {
    if (content !== undefined) files.set(path, { mode, sha: git.addBlob(Buffer.from(content)) });
    else if (sha) files.set(path, { mode, sha });
    else files.delete(path);
  }
  return created({ sha: git.addTree(files) });
}

function makeCommit({ repository: { git }, body, login, now }: Call): Reply {
  const { message, tree, parents } = body(CommitDraft);
  if (!git.tree(tree)) throw new ApiError(422, 'Tree SHA does not exist');
  if (parents.some((parent) => !git.commit(parent)))
    throw new ApiError(422, 'Parent SHA does not exist or is not a commit object');
  return created({ sha: git.addCommit({ message, tree, parents, author: login, at: now }).sha });
}

function makeRef({ repository: { git }, body }: Call): Reply {
  const { ref, sha } = body(RefDraft);
  if (!ref.startsWith('refs/heads/')) throw new ApiError(422, 'Reference name must start with refs/');
  if (!git.commit(sha)) throw new ApiError(422, 'Object does not exist');
  const branch = ref.slice('refs/heads/'.length);
  if (git.branches.has(branch)) throw new ApiError(422, 'Reference already exists');
  git.branches.set(branch, sha);
  return created(refWire(`heads/${branch}`, sha));
}

function moveRef({ repository: { git }, body, part }: Call): Reply {
  const { sha, force } = body(RefChange);
  const branch = branchOf(part('ref'));
  const head = git.branches.get(branch);
  if (head === undefined) throw new ApiError(422, 'Reference does not exist');
  if (!git.commit(sha)) throw new ApiError(422, 'Object does not exist');
  if (!force && !git.isAncestor(head, sha)) throw new ApiError(422, 'Update is not a fast forward');
  git.branches.set(branch, sha);
  return ok(refWire(`heads/${branch}`, sha));
}

function branchOf(ref: string): string {
  return ref.replace(/^heads\//, '');
}

function refWire(ref: string, sha: string) {
  return { ref: `refs/${ref}`, object: { type: 'commit', sha } };
}
