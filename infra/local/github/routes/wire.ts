import type { Call } from '../route.ts';
import type {
  CheckRunRecord,
  CommentRecord,
  DeploymentRecord,
  DeploymentStatusRecord,
  IssueRecord,
} from '../state/records.ts';

/** As the API shows what it keeps, without what nobody reads here. */
type Place = Pick<Call, 'repository' | 'apiUrl' | 'pageUrl'>;

export function issueWire(issue: IssueRecord, { repository, apiUrl, pageUrl }: Place) {
  const { id, number, title, body, state, createdAt, updatedAt } = issue;
  const kind = issue.pull ? 'pull' : 'issues';
  return {
    id,
    number,
    title,
    body,
    state,
    labels: issue.labels.map((name) => repository.labels.get(name.toLowerCase()) ?? { name }),
    user: { login: issue.author },
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    url: `${apiUrl}/repos/${repository.fullName}/issues/${number}`,
    html_url: `${pageUrl}/${repository.fullName}/${kind}/${number}`,
    ...(issue.pull ? { pull_request: { merged_at: issue.pull.mergedAt?.toISOString() ?? null } } : {}),
  };
}

export function commentWire({ id, issue, body, author, createdAt, updatedAt }: CommentRecord, place: Place) {
  const { repository, pageUrl } = place;
  return {
    id,
    body,
    user: { login: author },
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    html_url: `${pageUrl}/${repository.fullName}/issues/${issue}#issuecomment-${id}`,
  };
}

export function deploymentWire(deployment: DeploymentRecord, { repository, apiUrl }: Place) {
  const { id, sha, ref, task, environment, description, payload, isProduction, createdAt } = deployment;
  return {
    id,
    sha,
    ref,
    task,
    environment,
    description,
    payload,
    production_environment: isProduction,
    creator: { login: deployment.author },
    created_at: createdAt.toISOString(),
    statuses_url: `${apiUrl}/repos/${repository.fullName}/deployments/${id}/statuses`,
  };
}

export function deploymentStatusWire(status: DeploymentStatusRecord) {
  const { id, state, description, logUrl, environmentUrl, author, createdAt } = status;
  return {
    id,
    state,
    description,
    log_url: logUrl,
    environment_url: environmentUrl,
    creator: { login: author },
    created_at: createdAt.toISOString(),
  };
}

export function checkRunWire(run: CheckRunRecord, { repository, pageUrl }: Place) {
  const { id, sha, name, externalId, status, conclusion, startedAt, completedAt, detailsUrl } = run;
  return {
    id,
    head_sha: sha,
    name,
    external_id: externalId,
    status,
    conclusion,
    started_at: startedAt,
    completed_at: completedAt,
    details_url: detailsUrl,
    html_url: `${pageUrl}/${repository.fullName}/runs/${id}`,
    app: { slug: run.app },
    output: { title: run.title, summary: run.summary, annotations_count: run.annotations.length },
  };
}
