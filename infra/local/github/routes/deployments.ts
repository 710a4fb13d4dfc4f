import { z } from 'zod';
import { ApiError, assertLength, notFound } from '../api-error.ts';
import { type Call, created, list, type Route } from '../route.ts';
import type { LocalRepository } from '../state/local-repository.ts';
import type { DeploymentRecord } from '../state/records.ts';
import { deploymentStatusWire, deploymentWire } from './wire.ts';

const reads = { permission: 'deployments', level: 'read' } as const;
const writes = { permission: 'deployments', level: 'write' } as const;
const maxDescription = 140;

const Draft = z.object({
  ref: z.string(),
  task: z.string().default('deploy'),
  environment: z.string().default('production'),
  description: z.string().nullish(),
  payload: z.unknown().default({}),
  production_environment: z.boolean().optional(),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
});
const StatusDraft = z.object({
  state: z.enum(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']),
  description: z.string().default(''),
  log_url: z.string().default(''),
  environment_url: z.string().default(''),
});

/** docs.github.com/rest/deployments */
export const deploymentRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/deployments',
    needs: reads,
    handle: (call) => list(select(call).map((deployment) => deploymentWire(deployment, call))),
  },
  { method: 'post', path: '/deployments', needs: writes, handle: create },
  {
    method: 'get',
    path: '/deployments/:deployment/statuses',
    needs: reads,
    handle: (call) => list([...find(call).statuses].reverse().map(deploymentStatusWire)),
  },
  {
    method: 'post',
    path: '/deployments/:deployment/statuses',
    needs: writes,
    handle(call) {
      const { state, description, log_url, environment_url } = call.body(StatusDraft);
      const field = { resource: 'DeploymentStatus', code: 'custom', field: 'description' } as const;
      assertLength(description, maxDescription, field);
      const status = {
        id: call.repository.nextId(),
        state,
        description,
        logUrl: log_url,
        environmentUrl: environment_url,
        author: call.login,
        createdAt: call.now,
      };
      find(call).statuses.push(status);
      return created(deploymentStatusWire(status));
    },
  },
];

function create(call: Call) {
  const { repository } = call;
  const draft = call.body(Draft);
  const sha = resolve(repository, draft.ref);
  if (sha === undefined) throw new ApiError(422, `No ref found for: ${draft.ref}`);
  const tip = repository.git.branches.get(repository.defaultBranch) ?? sha;
  if (draft.auto_merge && !repository.git.isAncestor(tip, sha))
    throw new ApiError(409, `Conflict merging ${repository.defaultBranch} into ${draft.ref}.`);
  const deployment: DeploymentRecord = {
    id: repository.nextId(),
    sha,
    ref: draft.ref,
    task: draft.task,
    environment: draft.environment,
    description: draft.description ?? null,
    payload: draft.payload,
    isProduction: draft.production_environment ?? draft.environment === 'production',
    author: call.login,
    createdAt: call.now,
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  return created(deploymentWire(deployment, call));
}

/** A commit by its id or by a branch. */
export function resolve(repository: LocalRepository, ref: string): string | undefined {
  return repository.git.commit(ref)?.sha ?? repository.git.branches.get(ref);
}

function find({ repository, number }: Call): DeploymentRecord {
  const deployment = repository.deployments.get(number('deployment'));
  if (!deployment) throw notFound();
  return deployment;
}

/** Newest first. */
function select({ repository, query }: Call): DeploymentRecord[] {
  const wanted = (['sha', 'ref', 'task', 'environment'] as const).map((name) => [name, query(name)] as const);
  return [...repository.deployments.values()]
    .filter((deployment) =>
      wanted.every(([name, value]) => value === undefined || deployment[name] === value),
    )
    .reverse();
}
