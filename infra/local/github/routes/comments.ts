import { z } from 'zod';
import { assertLength, invalid, notFound } from '../api-error.ts';
import { created, list, ok, type Route } from '../route.ts';
import { findIssue } from './issues.ts';
import { commentWire } from './wire.ts';

const reads = { permission: 'issues', level: 'read' } as const;
const writes = { permission: 'issues', level: 'write' } as const;
/** GitHub documents either permission for both; reports differ, so that both are asked for. */
const pullWrites = { permission: 'pull_requests', level: 'write' } as const;
const maxBody = 65_536;
const Draft = z.object({ body: z.string() });

/** docs.github.com/rest/issues/comments; of pull requests too */
export const commentRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/issues/:number/comments',
    needs: reads,
    handle(call) {
      const { number } = findIssue(call);
      const found = [...call.repository.comments.values()].filter(({ issue }) => issue === number);
      return list(found.map((comment) => commentWire(comment, call)));
    },
  },
  {
    method: 'post',
    path: '/issues/:number/comments',
    needs: writes,
    handle(call) {
      const { repository, login: author, now } = call;
      const issue = findIssue(call);
      if (issue.pull) call.assertMay(pullWrites);
      const body = checked(call.body(Draft).body);
      const id = repository.nextId();
      const comment = { id, issue: issue.number, body, author, createdAt: now, updatedAt: now };
      repository.comments.set(id, comment);
      issue.updatedAt = now;
      return created(commentWire(comment, call));
    },
  },
  {
    method: 'patch',
    path: '/issues/comments/:comment',
    needs: writes,
    handle(call) {
      const comment = call.repository.comments.get(call.number('comment'));
      if (!comment) throw notFound();
      comment.body = checked(call.body(Draft).body);
      comment.updatedAt = call.now;
      return ok(commentWire(comment, call));
    },
  },
];

function checked(body: string): string {
  assertLength(body, maxBody, { resource: 'IssueComment', code: 'unprocessable', field: 'data' });
  if (body.trim() === '') throw invalid({ resource: 'IssueComment', code: 'missing_field', field: 'body' });
  return body;
}
