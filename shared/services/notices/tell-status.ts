import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { notices, runsOfIssue } from '../../contracts/records.ts';
import { DeployLoopError, describeError } from '../../domain/errors.ts';
import { hashOf } from '../../domain/ids.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { FoundCause } from '../../domain/notices/found-cause.ts';
import { runNoticeId } from '../../domain/notices/notice.ts';
import type { RunStory } from '../../domain/notices/run-story.ts';
import { isCommitSha } from '../../domain/scm/repository.ts';
import type { Ports } from '../../ports/ports.ts';
import { causeOf } from '../../wording/notices/cause-of.ts';
import { type CheckRunText, checkRunText } from '../../wording/notices/check-run.ts';
import { type DeploymentStatusText, deploymentStatus } from '../../wording/notices/deployment-status.ts';
import { isFailure } from '../../wording/notices/tell-state.ts';
import { loadStory } from './load-story.ts';
import { type Place, placeOf } from './notice-config.ts';
import type { Delivered, Telling } from './outcome.ts';
import { awaitsDiagnosis, later, type RunNotice } from './tell-issue.ts';

/** Shows the run beside its commit: a deployment with its status, and a check run where the credential may write one. */
export async function tellStatus(
  { runId }: RunNotice,
  config: ServiceConfig,
  telling: Telling,
  ports: Ports,
): Promise<Delivered> {
  const story = await loadStory(runId, config, ports);
  const commit = story?.run.build?.commit;
  if (!story || commit === undefined) return { kind: 'done' };
  if (!isCommitSha(commit)) return leaveOut(telling, `${commit} is not a whole commit id`);
  const place = placeOf(config, ports.scm);
  const status = deploymentStatus(story);
  const check = place.isApp ? checkRunText(story, await causesOf(story, ports)) : undefined;
  const hash = hashOf(canonicalJson({ status, check }));
  if (hash !== telling.told.hash) {
    const notes = [
      ...(await without('the deployment', () =>
        putDeployment(story, commit, status, config, place, telling),
      )),
      ...(check ? await without('the check run', () => putCheckRun(story, commit, check, place)) : []),
    ];
    await telling.tell({ ...telling.told, hash, note: notes.length > 0 ? notes.join('; ') : undefined });
  }
  const isLast = story.run.state === 'closed' && !(isFailure(story.run) && awaitsDiagnosis(story.diagnosis));
  return isLast ? { kind: 'done' } : later(ports);
}

async function leaveOut(telling: Telling, note: string): Promise<Delivered> {
  await telling.tell({ ...telling.told, note });
  return { kind: 'done' };
}

/** What is not permitted is left out, and the rest is told. @throws what may succeed later */
async function without(what: string, write: () => Promise<void>): Promise<string[]> {
  try {
    await write();
    return [];
  } catch (error) {
    if (!(error instanceof DeployLoopError) || error.retryable) throw error;
    return [`${what} was not written: ${describeError(error)}`];
  }
}

async function putDeployment(
  { run }: RunStory,
  sha: string,
  { state, description, logUrl }: DeploymentStatusText,
  { name }: ServiceConfig,
  { scm, repository, github }: Place,
  telling: Telling,
): Promise<void> {
  const environment = github.environment ?? name;
  const draft = {
    sha,
    environment,
    key: run.id,
    description: `${name}: ${run.candidate.revision}`,
    isProduction: environment === 'production',
  };
  const deploymentId = telling.told.deploymentId ?? (await scm.statuses.ensureDeployment(repository, draft));
  if (telling.told.deploymentId === undefined) await telling.tell({ ...telling.told, deploymentId });
  await scm.statuses.setDeploymentStatus(repository, deploymentId, { state, description, logUrl });
}

async function putCheckRun(
  { run }: RunStory,
  sha: string,
  { conclusion, title, summary, annotations }: CheckRunText,
  { scm, repository }: Place,
): Promise<void> {
  await scm.statuses.putCheckRun(repository, {
    sha,
    name: `Deploy Loop: ${run.name}`,
    externalId: run.id,
    ...(conclusion === undefined
      ? { status: 'in_progress' }
      : { status: 'completed', conclusion, completedAt: run.closedAt ?? run.stageStartedAt }),
    startedAt: run.createdAt,
    title,
    summary,
    annotations: annotations.map(({ line, ...annotation }) => ({
      ...annotation,
      startLine: line,
      endLine: line,
    })),
  });
}

/** The cause of the run; old if another revision has failed for it before. */
async function causesOf(story: RunStory, { store }: Pick<Ports, 'store'>): Promise<FoundCause[]> {
  if (!isFailure(story.run)) return [];
  const { id, candidate } = story.run;
  const notice = await store.get(documentIn(notices, runNoticeId(id, 'issue')));
  const fingerprint = notice?.data.told?.fingerprint;
  const [first] =
    fingerprint === undefined
      ? []
      : await store.find({
          collection: runsOfIssue(fingerprint),
          where: [],
          orderBy: { field: 'at', direction: 'asc' },
          limit: 1,
        });
  const since = first?.data.candidate.revision;
  return [{ text: causeOf(story), since: since === candidate.revision ? undefined : since }];
}
