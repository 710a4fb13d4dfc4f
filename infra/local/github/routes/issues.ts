import { z } from 'zod';
import { ApiError, assertLength, invalid, notFound } from '../api-error.ts';
import { type Call, created, list, ok, type Route } from '../route.ts';
import type { LocalRepository } from '../state/local-repository.ts';
import type { IssueRecord } from '../state/records.ts';
import { issueWire } from './wire.ts';

const reads = { permission: 'issues', level: 'read' } as const;
const writes = { permission: 'issues', level: 'write' } as const;
const maxTitle = 256;
const maxBody = 65_536;
const maxLabel = 50;

const Labels = z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]));
const Draft = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  labels: Labels.optional(),
});
const Change = Draft.extend({ state: z.enum(['open', 'closed']).optional() });

/** docs.github.com/rest/issues/issues */
export const issueRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/issues',
    needs: reads,
    handle: (call) => list(select(call).map((issue) => issueWire(issue, call))),
  },
  {
    method: 'get',
    path: '/issues/:number',
    needs: reads,
    handle(call) {
      const issue = findIssue(call);
      const { fate } = issue;
      if (typeof fate !== 'object') return ok(issueWire(issue, call));
      return { status: 301, body: { message: 'Moved Permanently', url: fate.movedTo } };
    },
  },
  {
    method: 'post',
    path: '/issues',
    needs: writes,
    handle(call) {
      const { repository, login: author } = call;
      if (!repository.hasIssues) throw new ApiError(410, 'Issues has been disabled in this repository.');
      const { title, body = null, labels = [] } = call.body(Draft);
      if (!title) throw invalid({ resource: 'Issue', code: 'missing_field', field: 'title' });
      assertTexts({ title, body, labels });
      return created(issueWire(repository.addIssue({ title, body, labels, author }), call));
    },
  },
  {
    method: 'patch',
    path: '/issues/:number',
    needs: writes,
    handle(call) {
      const issue = findIssue(call);
      const change = call.body(Change);
      assertTexts(change);
      issue.title = change.title ?? issue.title;
      issue.body = change.body === undefined ? issue.body : change.body;
      issue.state = change.state ?? issue.state;
      if (change.labels) issue.labels = change.labels.map((name) => call.repository.ensureLabel(name).name);
      issue.updatedAt = call.now;
      return ok(issueWire(issue, call));
    },
  },
];

/** @throws {ApiError} 404, or 410 of a deleted one */
export function findIssue({ repository, number }: Pick<Call, 'repository' | 'number'>): IssueRecord {
  const issue = repository.issues.get(number('number'));
  if (!issue) throw notFound();
  if (issue.fate === 'gone') throw new ApiError(410, 'This issue was deleted');
  return issue;
}

/** Newest first, pull requests among them. */
function select({ repository, query }: Call): IssueRecord[] {
  const state = query('state') ?? 'open';
  const labels = (query('labels') ?? '')
    .split(',')
    .filter(Boolean)
    .map((name) => name.toLowerCase());
  return visible(repository).filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      labels.every((label) => issue.labels.some((name) => name.toLowerCase() === label)),
  );
}

function visible(repository: LocalRepository): IssueRecord[] {
  return [...repository.issues.values()].filter(({ fate }) => fate === undefined).reverse();
}

function assertTexts({ title, body, labels }: z.output<typeof Draft>): void {
  assertLength(title ?? '', maxTitle, { resource: 'Issue', code: 'custom', field: 'title' });
  assertLength(body ?? '', maxBody, { resource: 'Issue', code: 'custom', field: 'body' });
  const long = labels?.find((name) => name.length > maxLabel);
  if (long) throw invalid({ value: long, resource: 'Label', field: 'name', code: 'invalid' });
}
