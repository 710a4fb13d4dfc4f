import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type IssueRecord, issues } from '../../contracts/records.ts';
import { NotFoundError, TransientError, UnknownOutcomeError } from '../../domain/errors.ts';
import { hashOf } from '../../domain/ids.ts';
import { revenueAtRisk } from '../../domain/notices/failed-check.ts';
import { rankIssue } from '../../domain/notices/issue-priority.ts';
import type { RunStory } from '../../domain/notices/run-story.ts';
import { repositoryText } from '../../domain/scm/repository.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';
import { issueBody } from '../../wording/notices/issue/issue-body.ts';
import { issueTitle } from '../../wording/notices/issue/issue-title.ts';
import { readMarker } from '../../wording/notices/markers.ts';
import { Held, isHeld } from './held.ts';
import { serviceLabel } from './issue-labels.ts';
import { type IssueLife, loadIssueLife } from './issue-life.ts';
import { loadStory } from './load-story.ts';
import type { Place } from './notice-config.ts';
import { putStatusComment } from './put-status-comment.ts';

/** Longer than all calls together may take. */
const holdMs = 3 * 60_000;
/** Longer than one call may take with its retries: nobody else looks for what was made before it is there. */
const makeMs = 60_000;

/** The issue of one cause. */
export interface IssueSubject {
  readonly fingerprint: string;
  readonly of: Pick<IssueRecord, 'serviceKey' | 'ref' | 'name'>;
  /** When its first run failed. */
  readonly at: Date;
}

type HeldIssue = Held<IssueRecord>;

/**
 * Makes the repository show the issue as the records have it now: made at most once, edited in place, closed once a later
 * run passed, opened again by a still later failure. Whoever calls, the result is the same; one worker at a time.
 *
 * @throws {TransientError} another worker is at it, or GitHub did not respond
 */
export async function syncIssue(
  subject: IssueSubject,
  config: ServiceConfig,
  place: Place,
  ports: Ports,
): Promise<Pick<IssueRecord, 'url'>> {
  const held = await hold(subject, place, ports);
  try {
    const life = await loadIssueLife(subject.fingerprint, held.data, ports);
    const story = life && (await loadStory(life.newest.runId, config, ports));
    if (life && story) await show(subject.fingerprint, held, life, story, place);
    await held.write(() => ({ holder: undefined, heldUntil: undefined }));
    return { url: held.data.url };
  } catch (error) {
    // What was lost may still arrive: nobody looks for it before the hold has ended.
    if (!(error instanceof UnknownOutcomeError))
      await held.write(() => ({ holder: undefined, heldUntil: undefined })).catch(() => {});
    throw error;
  }
}

/** How often a worker waits for another one, and how long at most each time: most are done within seconds. */
const maxWaits = 5;
const waitMs = 4_000;
/** Then it makes room. */
const busyMs = 30_000;

async function hold(subject: IssueSubject, place: Place, ports: Ports): Promise<HeldIssue> {
  const { clock, random } = ports;
  for (let waits = 0; ; waits++) {
    const held = await tryHold(subject, place, ports);
    if (held) return held;
    if (waits === maxWaits)
      throw new TransientError('another worker writes this issue', { retryAfterMs: busyMs });
    await clock.sleep(waitMs * (0.25 + 0.75 * random.fraction()));
  }
}

/** @returns undefined: another worker is at it */
async function tryHold(subject: IssueSubject, place: Place, ports: Ports): Promise<HeldIssue | undefined> {
  const { store, clock } = ports;
  const document = documentIn(issues, subject.fingerprint);
  const repo = repositoryText(place.repository);
  const found = await store.get(document);
  if (!found) {
    const { serviceKey, ref, name } = subject.of;
    await createOnce(store, document, {
      serviceKey,
      ref,
      name,
      repo,
      state: 'closed',
      createdAt: subject.at,
    });
    return tryHold(subject, place, ports);
  }
  if (isHeld(found.data, clock.now())) return undefined;
  // A number of another repository means nothing here.
  const moved = found.data.repo === repo ? {} : { ...nothingShown, repo };
  return Held.take(document, found, holdMs, moved, ports);
}

/** Of an issue that is gone. */
const nothingShown = {
  number: undefined,
  url: undefined,
  hash: undefined,
  labels: undefined,
  shownRun: undefined,
  commentId: undefined,
  commentHash: undefined,
  isCommentTried: undefined,
  state: 'closed',
} as const satisfies Partial<Record<keyof IssueRecord, unknown>>;

async function show(
  fingerprint: string,
  held: HeldIssue,
  life: IssueLife,
  story: RunStory,
  place: Place,
): Promise<void> {
  const draft = draftOf(fingerprint, life, story, place);
  try {
    if (held.data.number === undefined) await findOrMake(fingerprint, held, life, draft, place);
    await edit(held, life, draft, place);
    await putStatusComment(fingerprint, held, life, place, makeMs);
  } catch (error) {
    if (!(error instanceof NotFoundError) || held.data.number === undefined) throw error;
    const { number } = held.data;
    await held.write(() => nothingShown);
    throw new TransientError(`issue ${number} is gone: a new one is made`, { cause: error });
  }
}

interface Draft {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly hash: string;
}

function draftOf(fingerprint: string, { isOpen }: IssueLife, story: RunStory, { github }: Place): Draft {
  const { exposure, checks, run } = story;
  const revenueUsd = revenueAtRisk(checks);
  const { priority } = rankIssue({ verdict: run.verdict ?? 'fail', exposure, revenueUsd });
  const labels = [...new Set([serviceLabel(run.name), priority, ...github.labels])];
  const [title, body] = [issueTitle(story), issueBody(story, fingerprint)];
  return { title, body, labels, hash: hashOf(title, body, String(isOpen), ...labels) };
}

/** Where a number is not known, the issue may exist all the same: its maker may have died before it stored it. */
async function findOrMake(
  fingerprint: string,
  held: HeldIssue,
  { newest }: IssueLife,
  { title, body, labels, hash }: Draft,
  { scm, repository }: Place,
): Promise<void> {
  const ours = await scm.issues.listByLabel(repository, serviceLabel(held.data.name));
  const known = ours
    .filter((issue) => isMarked(issue.body, fingerprint))
    .toSorted((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || a.number - b.number)[0];
  if (known) {
    const { number, url, state } = known;
    return held.write(() => ({ number, url, state, labels, isCommentTried: true }));
  }
  held.assertTime(makeMs);
  const { number, url } = await scm.issues.create(repository, { title, body, labels });
  // The text of an issue that is to be closed differs by its hash from what is shown.
  await held.write(() => ({ number, url, state: 'open', labels, hash, shownRun: newest.runId }));
}

function isMarked(body: string, fingerprint: string): boolean {
  const marker = readMarker(body);
  return marker?.kind === 'issue' && marker.id === fingerprint;
}

async function edit(held: HeldIssue, life: IssueLife, draft: Draft, place: Place): Promise<void> {
  const { number, hash, state, shownRun, labels: written = [] } = held.data;
  const { scm, repository } = place;
  const target = life.isOpen ? 'open' : 'closed';
  if (number === undefined || (hash === draft.hash && state === target)) return;
  // A person's closing holds until the next failure.
  const isNews = state !== target || (life.isOpen && shownRun !== life.newest.runId);
  const labels = await labelsAfter(number, written, draft.labels, place);
  const { title, body } = draft;
  await scm.issues.update(repository, number, {
    title,
    body,
    ...(labels && { labels }),
    ...(isNews && { state: target }),
  });
  await held.write(() => ({
    hash: draft.hash,
    state: target,
    labels: draft.labels,
    shownRun: life.newest.runId,
  }));
}

/** Ours are replaced, and those that people have added stay. Undefined: nothing changes. */
async function labelsAfter(
  number: number,
  written: readonly string[],
  wanted: readonly string[],
  { scm, repository }: Place,
): Promise<string[] | undefined> {
  if (written.length === wanted.length && wanted.every((label) => written.includes(label))) return undefined;
  const issue = await scm.issues.get(repository, number);
  if (!issue) throw new NotFoundError(`issue ${number} does not exist`);
  return [...new Set([...issue.labels.filter((label) => !written.includes(label)), ...wanted])];
}
