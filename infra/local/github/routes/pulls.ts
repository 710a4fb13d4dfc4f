import { z } from 'zod';
import { invalid, notFound } from '../api-error.ts';
import { type Call, created, list, ok, type Reply, type Route } from '../route.ts';
import type { IssueRecord } from '../state/records.ts';

const reads = { permission: 'pull_requests', level: 'read' } as const;
const writes = { permission: 'pull_requests', level: 'write' } as const;

const Draft = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().default(''),
});
const Change = z.object({
  title: z.string().optional(),
  body: z.string().optional(),
  state: z.enum(['open', 'closed']).optional(),
});

/** docs.github.com/rest/pulls/pulls */
export const pullRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/pulls',
    needs: reads,
    handle: (call) => list(select(call).map((issue) => pullWire(issue, call))),
  },
  { method: 'post', path: '/pulls', needs: writes, handle: open },
  {
    method: 'patch',
    path: '/pulls/:number',
    needs: writes,
    handle(call) {
      const issue = call.repository.issues.get(call.number('number'));
      if (!issue?.pull) throw notFound();
      const change = call.body(Change);
      issue.title = change.title ?? issue.title;
      issue.body = change.body ?? issue.body;
      issue.state = change.state ?? issue.state;
      issue.updatedAt = call.now;
      return ok(pullWire(issue, call));
    },
  },
];

function open(call: Call): Reply {
  const { repository, login: author } = call;
  const { git } = repository;
  const { title, head, base, body } = call.body(Draft);
  for (const [field, branch] of Object.entries({ head, base }))
    if (!git.branches.has(branch)) throw invalid({ resource: 'PullRequest', field, code: 'invalid' });
  const isOpen = select(call).some(
    ({ state, pull }) => state === 'open' && pull?.head === head && pull.base === base,
  );
  if (isOpen) {
    const message = `A pull request already exists for ${repository.owner}:${head}.`;
    throw invalid({ resource: 'PullRequest', field: 'head', code: 'custom', message });
  }
  return created(pullWire(repository.addIssue({ title, body, author }, { head, base }), call));
}

/** Newest first. */
function select({ repository, query }: Call): IssueRecord[] {
  const head = query('head')?.replace(`${repository.owner}:`, '');
  const state = query('state') ?? 'all';
  return [...repository.issues.values()]
    .filter((issue) => issue.pull && (head === undefined || issue.pull.head === head))
    .filter((issue) => state === 'all' || issue.state === state)
    .reverse();
}

export function pullWire(issue: IssueRecord, { repository, pageUrl }: Call) {
  const { pull, number, title, body, state } = issue;
  const [head = '', base = ''] = [pull?.head, pull?.base];
  const shaOf = (branch: string) => repository.git.branches.get(branch) ?? '';
  return {
    id: issue.id,
    number,
    title,
    body,
    state,
    merged_at: pull?.mergedAt?.toISOString() ?? null,
    merge_commit_sha: pull?.mergeSha ?? null,
    user: { login: issue.author },
    head: { ref: head, sha: shaOf(head), label: `${repository.owner}:${head}` },
    base: { ref: base, sha: shaOf(base), label: `${repository.owner}:${base}` },
    html_url: `${pageUrl}/${repository.fullName}/pull/${number}`,
  };
}
