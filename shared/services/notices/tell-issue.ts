import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import {
  type DiagnosisRecord,
  diagnoses,
  issues,
  type NoticeRecord,
  notices,
  type RunRecord,
  runsOfIssue,
} from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import { isByPeople } from '../../domain/notices/asked-notices.ts';
import { fingerprintOf } from '../../domain/notices/fingerprint.ts';
import { type RunNoticeKind, runNoticeId, runNoticeKinds } from '../../domain/notices/notice.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';
import { placeOf } from './notice-config.ts';
import type { Delivered, Telling } from './outcome.ts';
import { syncIssue } from './sync-issue.ts';
import { askFor } from './write-notices.ts';

/** A notice that tells of a whole run. */
export type RunNotice = NoticeRecord & { readonly kind: RunNoticeKind; readonly runId: RunId };

export function isRunNotice(notice: NoticeRecord): notice is RunNotice {
  return notice.runId !== undefined && runNoticeKinds.some((kind) => kind === notice.kind);
}

/** How long an issue waits for the diagnosis that it is found by. */
export const diagnosisPatienceMs = 10 * 60_000;
const lookAgainMs = 5 * 60_000;
const maxOpenIssues = 100;

/**
 * Brings the issue of a run's cause up to date; a run that passed does so with all open issues of its service, which it
 * may solve.
 */
export async function tellIssue(
  { runId, createdAt }: RunNotice,
  run: RunRecord,
  config: ServiceConfig,
  telling: Telling,
  ports: Ports,
): Promise<Delivered> {
  if (run.verdict === undefined) return later(ports);
  if (run.verdict === 'superseded') return { kind: 'done' };
  if (run.verdict === 'pass') return run.state === 'closed' ? solve(run, config, ports) : later(ports);
  if (telling.told.fingerprint === undefined && isByPeople(run)) return { kind: 'done' };
  const diagnosis = (await ports.store.get(documentIn(diagnoses, runId)))?.data;
  const patienceEnds = new Date(createdAt.getTime() + diagnosisPatienceMs);
  const isAwaited = awaitsDiagnosis(diagnosis) && patienceEnds > ports.clock.now();
  const fingerprint = telling.told.fingerprint ?? (isAwaited ? undefined : fingerprintOf(run, diagnosis));
  if (fingerprint === undefined) return { kind: 'open', at: patienceEnds };
  // What has been found by its reason stays where it is.
  if (telling.told.fingerprint === undefined) await telling.tell({ ...telling.told, fingerprint });
  await createOnce(ports.store, documentIn(runsOfIssue(fingerprint), runId), {
    runId,
    candidate: run.candidate,
    at: createdAt,
    n: 1,
  });
  const place = placeOf(config, ports.scm);
  const { url } = await syncIssue({ fingerprint, of: run, at: createdAt }, config, place, ports);
  if (url !== telling.told.url) await telling.tell({ ...telling.told, fingerprint, url });
  // Its pull request waits for this issue's number, to name it.
  if (await isOpen(runId, 'prevention', ports)) await askFor(runId, 'prevention', ports);
  return run.state === 'closed' && !isAwaited ? { kind: 'done' } : later(ports);
}

export function awaitsDiagnosis(diagnosis: Pick<DiagnosisRecord, 'result'> | undefined): boolean {
  return diagnosis !== undefined && diagnosis.result === undefined;
}

export function later({ clock }: Pick<Ports, 'clock'>): Delivered {
  return { kind: 'open', at: new Date(clock.now().getTime() + lookAgainMs) };
}

/** True: the run has such a notice, and more may come of it. */
export async function isOpen(
  runId: RunId,
  kind: RunNoticeKind,
  { store }: Pick<Ports, 'store'>,
): Promise<boolean> {
  const notice = await store.get(documentIn(notices, runNoticeId(runId, kind)));
  return notice?.data.state === 'open';
}

async function solve(run: RunRecord, config: ServiceConfig, ports: Ports): Promise<Delivered> {
  const open = await ports.store.find({
    collection: issues,
    where: [
      ['serviceKey', '==', run.serviceKey],
      ['state', '==', 'open'],
    ],
    limit: maxOpenIssues,
  });
  if (open.length === 0) return { kind: 'done' };
  const place = placeOf(config, ports.scm);
  for (const { id, data } of open)
    await syncIssue({ fingerprint: id, of: data, at: data.createdAt }, config, place, ports);
  return { kind: 'done' };
}
