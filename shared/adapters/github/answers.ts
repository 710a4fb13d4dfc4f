import { z } from 'zod';
import type { Repository } from '../../domain/scm/repository.ts';
import type { ScmPullRequest } from '../../ports/scm/scm-changes.ts';

/** A link that people follow: never of another scheme. */
export const LinkSchema = z.url({ protocol: /^https?$/ });

/** For answers of which nothing is used. */
export const AnythingSchema = z.unknown();

const BodySchema = z
  .string()
  .nullish()
  .transform((body) => body ?? '');

export const IssueSchema = z
  .object({
    number: z.number(),
    title: z.string(),
    body: BodySchema,
    state: z.enum(['open', 'closed']),
    labels: z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])),
    html_url: LinkSchema,
    pull_request: z.unknown().optional(),
  })
  .transform(({ html_url: url, pull_request, ...issue }) => ({
    issue: { ...issue, url },
    isPullRequest: pull_request !== undefined,
  }));

export const CommentSchema = z
  .object({
    id: z.number(),
    body: BodySchema,
    user: z.object({ login: z.string() }).nullish(),
    html_url: LinkSchema,
  })
  .transform(({ id, body, user, html_url: url }) => ({ id, body, author: user?.login, url }));

export const PullRequestSchema = z
  .object({
    number: z.number(),
    title: z.string(),
    body: BodySchema,
    state: z.enum(['open', 'closed']),
    merged_at: z.string().nullish(),
    head: z.object({ ref: z.string(), sha: z.string() }),
    base: z.object({ ref: z.string() }),
    html_url: LinkSchema,
  })
  .transform(
    ({ merged_at, head, base, html_url: url, state, ...pull }): ScmPullRequest => ({
      ...pull,
      state: merged_at ? 'merged' : state,
      branch: head.ref,
      headSha: head.sha,
      base: base.ref,
      url,
    }),
  );

/** As the routes name it. */
export function routed({ owner, name }: Repository) {
  return { owner, repo: name };
}
