import { z } from 'zod';
import { type CommitComparison, maxPatchLength } from '../../domain/scm/commit-comparison.ts';
import { LinkSchema } from './answers.ts';

/** GitHub lists no more. */
const maxFiles = 300;

const PersonSchema = z
  .object({ name: z.string().nullish(), date: z.iso.datetime({ offset: true }).nullish().catch(undefined) })
  .nullish();

const CommitSchema = z
  .object({
    sha: z.string(),
    html_url: LinkSchema,
    commit: z.object({ message: z.string(), author: PersonSchema }),
  })
  .transform(({ sha, html_url: url, commit: { message, author } }) => ({
    sha,
    url,
    subject: message.split('\n', 1)[0] ?? '',
    author: author?.name ?? undefined,
    at: author?.date ? new Date(author.date) : undefined,
  }));

const FileSchema = z
  .object({
    filename: z.string(),
    status: z.enum(['added', 'removed', 'modified', 'renamed', 'copied', 'changed', 'unchanged']),
    previous_filename: z.string().optional(),
    additions: z.number(),
    deletions: z.number(),
    patch: z.string().optional(),
  })
  .transform(({ filename, previous_filename, patch, ...file }) => ({
    ...file,
    path: filename,
    previousPath: previous_filename,
    patch: patch?.slice(0, maxPatchLength),
  }));

export const ComparisonSchema = z
  .object({
    status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
    ahead_by: z.number(),
    behind_by: z.number(),
    commits: z.array(CommitSchema),
    files: z.array(FileSchema).default([]),
    html_url: LinkSchema,
  })
  .transform(
    ({ status, ahead_by, behind_by, commits, files, html_url: url }): CommitComparison => ({
      relation: status,
      aheadBy: ahead_by,
      behindBy: behind_by,
      commits,
      files,
      filesCut: files.length >= maxFiles,
      url,
    }),
  );
