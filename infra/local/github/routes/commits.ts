import { ApiError, notFound } from '../api-error.ts';
import { type Call, list, ok, type Reply, type Route } from '../route.ts';
import { compareCommits } from '../state/compare-commits.ts';
import type { Commit } from '../state/git-objects.ts';
import { resolve } from './deployments.ts';
import { pullWire } from './pulls.ts';

const reads = { permission: 'contents', level: 'read' } as const;
/** GitHub lists no more files of a comparison. */
const maxFiles = 300;
/** GitHub sends no larger content within JSON. */
const maxContentBytes = 1024 * 1024;

/** docs.github.com/rest/repos, /rest/commits */
export const commitRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/',
    needs: { permission: 'metadata', level: 'read' },
    handle: ({ repository: { id, name, fullName, owner, isPrivate, defaultBranch } }) =>
      ok({
        id,
        name,
        full_name: fullName,
        owner: { login: owner },
        private: isPrivate,
        default_branch: defaultBranch,
      }),
  },
  { method: 'get', path: '/compare/:basehead', needs: reads, handle: compare },
  { method: 'get', path: '/contents/*path', needs: reads, handle: readContent },
  {
    method: 'get',
    path: '/commits/:sha/pulls',
    needs: { permission: 'pull_requests', level: 'read' },
    handle: listPulls,
  },
];

function compare(call: Call): Reply {
  const { repository, pageUrl, part } = call;
  const [base = '', head = ''] = part('basehead').split('...');
  const [older, newer] = [base, head].map((ref) => repository.git.commit(resolve(repository, ref) ?? ''));
  if (!older || !newer) throw notFound();
  const found = compareCommits(repository.git, older, newer);
  if (!found) throw new ApiError(404, `No common ancestor between ${base} and ${head}.`);
  const perPage = Number(call.query('per_page') ?? 250);
  const start = (Number(call.query('page') ?? 1) - 1) * perPage;
  return ok({
    html_url: `${pageUrl}/${repository.fullName}/compare/${base}...${head}`,
    status: found.status,
    ahead_by: found.ahead.length,
    behind_by: found.behind.length,
    total_commits: found.ahead.length,
    commits: found.ahead.slice(start, start + perPage).map((commit) => commitWire(commit, call)),
    // Only the first page has them.
    files: start === 0 ? found.files.slice(0, maxFiles) : [],
  });
}

function commitWire({ sha, message, author, at }: Commit, { repository, pageUrl }: Call) {
  return {
    sha,
    html_url: `${pageUrl}/${repository.fullName}/commit/${sha}`,
    commit: { message, author: { name: author, email: 'developer@example.com', date: at.toISOString() } },
  };
}

function readContent({ repository, part, query }: Call): Reply {
  const tree = repository.git.tree(resolve(repository, query('ref') ?? repository.defaultBranch) ?? '');
  if (!tree) throw new ApiError(404, `No commit found for the ref ${query('ref')}`);
  const path = part('path');
  const entry = tree.get(path);
  const inside = [...tree.keys()].filter((name) => name.startsWith(`${path}/`));
  if (inside.length > 0) return ok(inside.map((name) => ({ type: 'file', path: name })));
  if (!entry) throw notFound();
  if (entry.mode === '160000') return ok({ type: 'submodule', path, sha: entry.sha, size: 0 });
  const bytes = repository.git.blob(entry.sha) ?? Buffer.alloc(0);
  if (entry.mode === '120000') return ok({ type: 'symlink', path, sha: entry.sha, target: `${bytes}` });
  const isLarge = bytes.length > maxContentBytes;
  return ok({
    type: 'file',
    path,
    sha: entry.sha,
    size: bytes.length,
    encoding: isLarge ? 'none' : 'base64',
    // GitHub breaks the lines of base64.
    content: isLarge ? '' : bytes.toString('base64').replace(/.{60}/g, '$&\n'),
  });
}

/** The merged ones that brought the commit; while it is not on the default branch, the open ones that contain it. */
function listPulls(call: Call): Reply {
  const { repository, part } = call;
  const sha = part('sha');
  if (!repository.git.commit(sha)) throw new ApiError(422, `No commit found for SHA: ${sha}`);
  const found = [...repository.issues.values()].filter(({ pull, state }) => {
    if (!pull) return false;
    const head = repository.git.branches.get(pull.head) ?? '';
    const brought =
      pull.mergeSha === sha || (repository.git.isAncestor(sha, head) && !isBase(call, sha, pull));
    return brought && (pull.mergedAt !== undefined || state === 'open');
  });
  return list(found.map((issue) => pullWire(issue, call)));
}

/** Whether the base had the commit before the pull request. */
function isBase(
  { repository: { git } }: Call,
  sha: string,
  pull: { base: string; mergeSha?: string },
): boolean {
  const before =
    pull.mergeSha === undefined ? git.branches.get(pull.base) : git.commit(pull.mergeSha)?.parents[0];
  return before !== undefined && git.isAncestor(sha, before);
}
