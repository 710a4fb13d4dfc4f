import type { IssueRecord } from '../../contracts/records.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { hashOf } from '../../domain/ids.ts';
import { readMarker } from '../../wording/notices/markers.ts';
import { statusComment } from '../../wording/notices/status-comment.ts';
import type { Held } from './held.ts';
import type { IssueLife } from './issue-life.ts';
import type { Place } from './notice-config.ts';

/**
 * The one comment that says how the issue stands, once there is more to say than its text: it failed again, or is solved.
 * @param makeMs how long making it may take
 */
export async function putStatusComment(
  fingerprint: string,
  held: Held<IssueRecord>,
  { history }: IssueLife,
  { scm, repository }: Place,
  makeMs: number,
): Promise<void> {
  const { number, commentHash } = held.data;
  if (number === undefined || (history.count < 2 && !history.solved)) return;
  const body = statusComment(history);
  const hash = hashOf(body);
  if (hash === commentHash) return;
  const id = held.data.commentId ?? (await findComment(fingerprint, held.data, number, { scm, repository }));
  if (id !== undefined) {
    const isThere = await scm.comments.update(repository, id, body).then(
      () => true,
      (error: unknown) => {
        if (error instanceof NotFoundError) return false;
        throw error;
      },
    );
    if (isThere) return held.write(() => ({ commentId: id, commentHash: hash }));
  }
  await held.write(() => ({ isCommentTried: true, commentId: undefined }));
  held.assertTime(makeMs);
  const made = await scm.comments.create(repository, number, body);
  await held.write(() => ({ commentId: made.id, commentHash: hash }));
}

/** Its maker may have died before it stored the id. */
async function findComment(
  fingerprint: string,
  { isCommentTried }: IssueRecord,
  number: number,
  { scm, repository }: Pick<Place, 'scm' | 'repository'>,
): Promise<number | undefined> {
  if (!isCommentTried) return undefined;
  const comments = await scm.comments.list(repository, number);
  return comments.find(({ body }) => {
    const marker = readMarker(body);
    return marker?.kind === 'status' && marker.id === fingerprint;
  })?.id;
}
