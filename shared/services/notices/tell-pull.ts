import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { notices } from '../../contracts/records.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { hashOf } from '../../domain/ids.ts';
import { runNoticeId } from '../../domain/notices/notice.ts';
import { isCommitSha } from '../../domain/scm/repository.ts';
import type { Ports } from '../../ports/ports.ts';
import { readMarker } from '../../wording/notices/markers.ts';
import { pullComment } from '../../wording/notices/pull-comment.ts';
import { isFailure } from '../../wording/notices/tell-state.ts';
import { loadStory } from './load-story.ts';
import { type Place, placeOf } from './notice-config.ts';
import type { Delivered, Telling } from './outcome.ts';
import { awaitsDiagnosis, later, type RunNotice } from './tell-issue.ts';

/** Comments on the merged pull request that brought the run's commit, with one comment that is edited in place. */
export async function tellPull(
  { runId }: RunNotice,
  config: ServiceConfig,
  telling: Telling,
  ports: Ports,
): Promise<Delivered> {
  const story = await loadStory(runId, config, ports);
  const commit = story?.run.build?.commit;
  if (!story || commit === undefined || !isCommitSha(commit)) return { kind: 'done' };
  // One comment, once there is a result to tell.
  if (story.run.state !== 'closed' || (isFailure(story.run) && awaitsDiagnosis(story.diagnosis)))
    return later(ports);
  const place = placeOf(config, ports.scm);
  const pull = telling.told.pull ?? (await mergedPull(commit, place));
  if (pull === undefined) {
    await telling.tell({ ...telling.told, note: 'no merged pull request brought the commit' });
    return { kind: 'done' };
  }
  const issue = await ports.store.get(documentIn(notices, runNoticeId(runId, 'issue')));
  const body = pullComment(story, isFailure(story.run) ? issue?.data.told?.url : undefined);
  const hash = hashOf(body);
  if (hash !== telling.told.hash) {
    const commentId = await putComment(runId, pull, body, telling, place);
    await telling.tell({ ...telling.told, pull, commentId, hash });
  }
  const mayGetLink = isFailure(story.run) && issue?.data.state === 'open';
  return mayGetLink ? later(ports) : { kind: 'done' };
}

async function mergedPull(commit: string, { scm, repository }: Place): Promise<number | undefined> {
  const pulls = await scm.commits.pullRequestsOf(repository, commit);
  return pulls.find(({ state }) => state === 'merged')?.number;
}

async function putComment(
  runId: string,
  pull: number,
  body: string,
  { told }: Telling,
  { scm, repository }: Place,
): Promise<number> {
  const id = told.commentId ?? (await findComment(runId, pull, { scm, repository }));
  if (id !== undefined) {
    try {
      return (await scm.comments.update(repository, id, body)).id;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  return (await scm.comments.create(repository, pull, body)).id;
}

/** Its maker may have died before it stored the id. */
async function findComment(
  runId: string,
  pull: number,
  { scm, repository }: Pick<Place, 'scm' | 'repository'>,
): Promise<number | undefined> {
  const comments = await scm.comments.list(repository, pull);
  return comments.find(({ body }) => {
    const marker = readMarker(body);
    return marker?.kind === 'pull-comment' && marker.id === runId;
  })?.id;
}
