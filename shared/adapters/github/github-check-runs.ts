import { z } from 'zod';
import { PermanentError } from '../../domain/errors.ts';
import type { Repository } from '../../domain/scm/repository.ts';
import type { CheckAnnotation, CheckRun } from '../../ports/scm/scm-statuses.ts';
import { LinkSchema, routed } from './answers.ts';
import type { GithubClient } from './github-client.ts';

/** GitHub: 65,535 characters. */
const maxSummaryBytes = 60_000;
/** GitHub: of one call. */
const maxAnnotations = 50;

const CheckRunSchema = z.object({
  id: z.number(),
  external_id: z.string().nullish(),
  html_url: LinkSchema,
  output: z.object({ annotations_count: z.number() }),
});

/** docs.github.com/rest/checks/runs */
export class GithubCheckRuns {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async put(repository: Repository, run: CheckRun): Promise<string> {
    assertLimits(run);
    const known = await this.#find(repository, run);
    const hasAnnotations = (known?.output.annotations_count ?? 0) > 0;
    const fields = fieldsOf(run, hasAnnotations ? [] : run.annotations);
    if (known) {
      const place = { ...routed(repository), check_run_id: known.id };
      await this.#client.get(
        'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
        { ...place, ...fields },
        CheckRunSchema,
      );
      return known.html_url;
    }
    const draft = { ...routed(repository), name: run.name, head_sha: run.sha, ...fields };
    const made = await this.#client.get('POST /repos/{owner}/{repo}/check-runs', draft, CheckRunSchema);
    return made.html_url;
  }

  async #find(repository: Repository, { sha, name, externalId }: CheckRun) {
    const found = await this.#client.get(
      'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
      { ...routed(repository), ref: sha, check_name: name, filter: 'all', per_page: 100 },
      z.object({ check_runs: z.array(CheckRunSchema) }),
    );
    return found.check_runs.find(({ external_id }) => external_id === externalId);
  }
}

function assertLimits({ summary, annotations }: CheckRun): void {
  const bytes = Buffer.byteLength(summary);
  if (bytes > maxSummaryBytes)
    throw new PermanentError(`a check run's summary has ${bytes} bytes; at most ${maxSummaryBytes}`);
  if (annotations.length > maxAnnotations)
    throw new PermanentError(`a check run has ${annotations.length} annotations; at most ${maxAnnotations}`);
}

function fieldsOf(run: CheckRun, annotations: readonly CheckAnnotation[]) {
  return {
    external_id: run.externalId,
    status: run.status,
    ...(run.conclusion ? { conclusion: run.conclusion } : {}),
    started_at: run.startedAt.toISOString(),
    ...(run.completedAt ? { completed_at: run.completedAt.toISOString() } : {}),
    ...(run.detailsUrl ? { details_url: run.detailsUrl } : {}),
    output: {
      title: run.title,
      summary: run.summary,
      ...(annotations.length > 0 ? { annotations: annotations.map(wireAnnotation) } : {}),
    },
  };
}

function wireAnnotation({ path, startLine, endLine, level, title, message }: CheckAnnotation) {
  return { path, start_line: startLine, end_line: endLine, annotation_level: level, title, message };
}
