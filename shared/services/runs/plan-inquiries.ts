import type { AuditsConfig } from '../../contracts/audits/audits-config.ts';
import { documentIn } from '../../contracts/document.ts';
import { audits, diagnoses, type RunRecord } from '../../contracts/records.ts';
import { auditNames } from '../../domain/audits/audit.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Decision } from '../../domain/runs/decision.ts';
import type { Stage } from '../../domain/stages.ts';
import { create, type Write } from '../../ports/store.ts';

/** When the sweep asks for what is not found out yet: its message was lost. */
const nudgeMs = 5 * 60_000;

/**
 * What is to be found out about a run once its traffic is safe, as documents that are created with the decision that
 * gives the run its verdict: why it failed, and the audits that its config names.
 */
export function planInquiries(
  runId: RunId,
  { serviceKey, ref, candidate }: RunRecord,
  stage: Stage,
  decision: Decision,
  wanted: AuditsConfig = {},
  now: Date,
): Write[] {
  if (!isVerdict(stage, decision)) return [];
  const dueAt = new Date(now.getTime() + nudgeMs);
  const head = { runId, serviceKey, ref, revision: candidate.revision, createdAt: now, dueAt };
  const named = auditNames.filter((name) => wanted[name] !== undefined);
  const gates = named.filter((name) => wanted[name]?.gate);
  return [
    ...(decision.verdict === 'pass' ? [] : [create(documentIn(diagnoses, runId), head)]),
    ...(named.length === 0 ? [] : [create(documentIn(audits, runId), { ...head, gates })]),
  ];
}

/** The first result other than `pass` is that of the whole run; a person's doing needs no explanation. */
function isVerdict(stage: Stage, { verdict, reasons, next }: Decision): boolean {
  if (stage === 'reverify' || verdict === 'superseded') return false;
  if (reasons.some(({ code }) => code === 'aborted' || code === 'frozen')) return false;
  return verdict !== 'pass' || next === undefined;
}
