import { z } from 'zod';
import type { Repository } from '../../domain/scm/repository.ts';
import type { DeploymentDraft, DeploymentStatus } from '../../ports/scm/scm-statuses.ts';
import { AnythingSchema, routed } from './answers.ts';
import type { GithubClient } from './github-client.ts';

const task = 'deploy-loop';

const DeploymentSchema = z.object({
  id: z.number(),
  payload: z.object({ key: z.string() }).or(z.unknown().transform(() => ({ key: undefined }))),
});

const StatusSchema = z
  .object({
    id: z.number(),
    state: z.string(),
    description: z.string().nullish(),
    log_url: z.string().nullish(),
    environment_url: z.string().nullish(),
  })
  .transform(({ id, state, description, log_url, environment_url }) => ({
    id,
    text: statusText(state, description, log_url, environment_url),
  }));

/** docs.github.com/rest/deployments */
export class GithubDeployments {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async ensure(repository: Repository, draft: DeploymentDraft): Promise<number> {
    const { sha, environment, key } = draft;
    const known = await this.#client.get(
      'GET /repos/{owner}/{repo}/deployments',
      { ...routed(repository), sha, environment, task, per_page: 100 },
      DeploymentSchema.array(),
    );
    return known.find(({ payload }) => payload.key === key)?.id ?? (await this.#create(repository, draft));
  }

  async #create(repository: Repository, draft: DeploymentDraft): Promise<number> {
    const made = await this.#client.get(
      'POST /repos/{owner}/{repo}/deployments',
      {
        ...routed(repository),
        ref: draft.sha,
        task,
        environment: draft.environment,
        description: draft.description,
        payload: { key: draft.key },
        production_environment: draft.isProduction,
        // It tells what was deployed: GitHub must neither merge anything for it nor wait for other checks.
        auto_merge: false,
        required_contexts: [],
      },
      z.object({ id: z.number() }),
    );
    return made.id;
  }

  async setStatus(repository: Repository, deploymentId: number, status: DeploymentStatus): Promise<void> {
    const place = { ...routed(repository), deployment_id: deploymentId };
    const route = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
    const known = await this.#client.get(`GET ${route}`, { ...place, per_page: 100 }, StatusSchema.array());
    const { state, description, logUrl, environmentUrl } = status;
    const latest = known.toSorted((one, other) => other.id - one.id)[0];
    if (latest?.text === statusText(state, description, logUrl, environmentUrl)) return;
    await this.#client.get(
      `POST ${route}`,
      {
        ...place,
        state,
        description,
        ...(logUrl ? { log_url: logUrl } : {}),
        ...(environmentUrl ? { environment_url: environmentUrl } : {}),
        // Other services may share the environment: their deployments are not ours to end.
        auto_inactive: false,
      },
      AnythingSchema,
    );
  }
}

function statusText(...parts: readonly (string | null | undefined)[]): string {
  return JSON.stringify(parts.map((part) => part ?? ''));
}
