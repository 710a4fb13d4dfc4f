import { z } from 'zod';
import { ApiError, notFound } from '../api-error.ts';
import { type Call, created, list, ok, type Route } from '../route.ts';
import type { CheckRunRecord } from '../state/records.ts';
import { resolve } from './deployments.ts';
import { checkRunWire } from './wire.ts';

const writes = { permission: 'checks', level: 'write' } as const;
const maxCharacters = 65_535;
const maxAnnotations = 50;

const Annotation = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string(),
  title: z.string().optional(),
});
const Change = z.object({
  name: z.string().optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string(),
      annotations: z.array(Annotation).default([]),
    })
    .optional(),
});
const Draft = Change.extend({ name: z.string(), head_sha: z.string() });

/** docs.github.com/rest/checks/runs */
export const checkRunRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/commits/:ref/check-runs',
    needs: { permission: 'checks', level: 'read' },
    handle(call) {
      const sha = resolve(call.repository, call.part('ref'));
      if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${call.part('ref')}`);
      const name = call.query('check_name');
      const found = [...call.repository.checkRuns.values()]
        .filter((run) => run.sha === sha && (name === undefined || run.name === name))
        .reverse();
      return list(
        found.map((run) => checkRunWire(run, call)),
        'check_runs',
      );
    },
  },
  { method: 'post', path: '/check-runs', needs: writes, isForApps: true, handle: create },
  {
    method: 'patch',
    path: '/check-runs/:run',
    needs: writes,
    isForApps: true,
    handle(call) {
      const run = call.repository.checkRuns.get(call.number('run'));
      if (!run) throw notFound();
      apply(run, call.body(Change));
      return ok(checkRunWire(run, call));
    },
  },
];

function create(call: Call) {
  const { repository, now, login } = call;
  const { head_sha, ...draft } = call.body(Draft);
  const commit = repository.git.commit(head_sha);
  if (!commit) throw new ApiError(422, `No commit found for SHA: ${head_sha}`);
  const run: CheckRunRecord = {
    id: repository.nextId(),
    sha: commit.sha,
    app: login.replace(/\[bot\]$/, ''),
    name: draft.name,
    externalId: '',
    status: 'queued',
    conclusion: null,
    startedAt: now.toISOString(),
    completedAt: null,
    detailsUrl: '',
    title: null,
    summary: null,
    annotations: [],
  };
  apply(run, draft);
  repository.checkRuns.set(run.id, run);
  return created(checkRunWire(run, call));
}

function apply(run: CheckRunRecord, change: z.output<typeof Change>): void {
  const { output } = change;
  if (output) assertOutput(output);
  if (change.status === 'completed' && !change.conclusion)
    throw new ApiError(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.');
  run.name = change.name ?? run.name;
  run.externalId = change.external_id ?? run.externalId;
  run.detailsUrl = change.details_url ?? run.detailsUrl;
  run.status = change.conclusion ? 'completed' : (change.status ?? run.status);
  run.conclusion = change.conclusion ?? run.conclusion;
  run.startedAt = change.started_at ?? run.startedAt;
  run.completedAt = change.completed_at ?? run.completedAt;
  run.title = output?.title ?? run.title;
  run.summary = output?.summary ?? run.summary;
  run.annotations.push(...(output?.annotations ?? []));
}

function assertOutput({ summary, annotations }: { summary: string; annotations: readonly unknown[] }): void {
  if (summary.length > maxCharacters)
    throw new ApiError(
      422,
      `Invalid request.\n\nOnly ${maxCharacters} characters are allowed; ${summary.length} were supplied.`,
    );
  if (annotations.length > maxAnnotations)
    throw new ApiError(
      422,
      `Invalid request.\n\nNo more than ${maxAnnotations} items are allowed; ${annotations.length} were supplied.`,
    );
}
