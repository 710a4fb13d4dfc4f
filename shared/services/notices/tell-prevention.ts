import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { diagnoses, issues, notices, runs } from '../../contracts/records.ts';
import { fingerprintOf } from '../../domain/notices/fingerprint.ts';
import { runNoticeId } from '../../domain/notices/notice.ts';
import type { Ports } from '../../ports/ports.ts';
import { placeOf } from './notice-config.ts';
import type { Delivered, Telling } from './outcome.ts';
import { type PreventionOutcome, proposePrevention } from './propose-prevention.ts';
import { syncIssue } from './sync-issue.ts';
import { awaitsDiagnosis, later, type RunNotice } from './tell-issue.ts';

/** Proposes the pull request that keeps a run's failure from coming back, where its diagnosis knows a mechanical mend. */
export async function tellPrevention(
  { runId, createdAt }: RunNotice,
  config: ServiceConfig,
  telling: Telling,
  ports: Ports,
): Promise<Delivered> {
  const { store } = ports;
  const [run, diagnosis, issueNotice] = await Promise.all([
    store.get(documentIn(runs, runId)),
    store.get(documentIn(diagnoses, runId)),
    store.get(documentIn(notices, runNoticeId(runId, 'issue'))),
  ]);
  if (awaitsDiagnosis(diagnosis?.data)) return later(ports);
  const { preventable, evidence = [] } = diagnosis?.data ?? {};
  if (!run || !preventable || config.github?.prevention !== true) return { kind: 'done' };
  const fingerprint = issueNotice?.data.told?.fingerprint ?? fingerprintOf(run.data, diagnosis?.data);
  const issueNumber = (await store.get(documentIn(issues, fingerprint)))?.data.number;
  // The pull request names the issue: the notice of that asks again.
  if (issueNumber === undefined && issueNotice?.data.state === 'open') return later(ports);
  const place = placeOf(config, ports.scm);
  const { repository, scm } = place;
  const request = { repository, preventable, fingerprint, service: config.name, evidence, issueNumber };
  await telling.tell({ ...telling.told, ...toldOf(await proposePrevention(request, scm)) });
  // The story names the pull request now. The issue's own notice may have ended, or be asking for this one.
  if (issueNumber !== undefined)
    await syncIssue({ fingerprint, of: run.data, at: createdAt }, config, place, ports);
  return { kind: 'done' };
}

function toldOf(outcome: PreventionOutcome): {
  readonly url?: string;
  readonly pull?: number;
  readonly note?: string;
} {
  switch (outcome.kind) {
    case 'not-needed':
      return { note: outcome.why };
    case 'left-alone':
      return { note: outcome.why, ...(outcome.url !== undefined && { url: outcome.url }) };
    default:
      return { url: outcome.url, pull: outcome.number };
  }
}
