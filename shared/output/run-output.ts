import type { z } from 'zod';
import type {
  RunDocument,
  RunOutput,
  RunReportOutput,
  RunsDocument,
} from '../contracts/output/run-output.ts';
import type { EffectRecord, GroupFindingRecord, RunRecord } from '../contracts/records.ts';
import type { DecisionRecord } from '../domain/records/decision-record.ts';
import { isShift } from '../domain/traffic/is-shift.ts';
import type { PageOfRuns } from '../services/page-of-runs.ts';
import type { RunReport } from '../services/query-reports.ts';
import type { Standing } from '../services/records/load-standing.ts';
import { type EarlierRun, isResultGone, undoOf } from '../wording/summarize-run.ts';
import { auditsOutput } from './audits-output.ts';
import { changeOutput } from './change-output.ts';
import { failureOutput, plannedOutput } from './checks-output.ts';
import { diagnosisOutput } from './diagnosis-output.ts';
import { lookOutput } from './look-output.ts';
import {
  alarmOf,
  controlOf,
  documentOf,
  msBetween,
  orNull,
  pinOf,
  serviceOf,
  splitOf,
  timeOf,
  timeOrNull,
  windowOf,
} from './values.ts';

/** `runs`, `GET /api/runs`. */
export function runsDocument({ runs, nextCursor }: PageOfRuns): z.infer<typeof RunsDocument> {
  return documentOf({ runs: runs.map(runOutput), nextCursor: orNull(nextCursor) });
}

/** `show`, `GET /api/runs/{id}`. */
export function runDocument(report: RunReport, standing: Standing): z.infer<typeof RunDocument> {
  const { killSwitch, freeze, pause, abort, window, service, since } = standing;
  return documentOf({
    run: reviewedOutput({ ...report, earlier: since && { ...since, isOwn: true } }),
    now: {
      killSwitch: controlOf(killSwitch),
      freeze: controlOf(freeze),
      pause: controlOf(pause),
      abort: controlOf(abort),
      freezeWindow: windowOf(window),
      pin: pinOf(service?.pin),
      alarm: alarmOf(service?.alarm),
    },
  });
}

/** A run, and what has become of its result. */
export type ReviewedRun = RunReport & { readonly earlier?: EarlierRun | undefined };

/** What the run left may be gone: then there is nothing to undo. */
export function reviewedOutput({ earlier, ...report }: ReviewedRun) {
  const run = runReportOutput(report);
  if (!earlier) return { ...run, earlier: null };
  const { isOwn = false, changedTo, overtakenBy, unread } = earlier;
  const isGone = isResultGone(earlier);
  return {
    ...run,
    undo: isGone ? null : run.undo,
    trafficChanges: isGone
      ? run.trafficChanges.map((change) => ({ ...change, undo: null }))
      : run.trafficChanges,
    earlier: {
      own: isOwn,
      traffic: changedTo ? splitOf(changedTo) : null,
      overtakenBy: orNull(overtakenBy),
      unread: orNull(unread),
    },
  };
}

export function runReportOutput(report: RunReport): z.infer<typeof RunReportOutput> {
  const { run, decisions, health, checks, failures, effects, trafficChanges, diagnosis, audits, group } =
    report;
  const lastShift = trafficChanges.findLast(isShift)?.id;
  return {
    ...runOutput(run),
    undo: orNull(undoOf(report)),
    decisions: decisions.map(decisionOutput),
    health: health.map(lookOutput),
    checks: checks ? plannedOutput(checks) : null,
    failures: failures.map(failureOutput),
    effects: effects.map(effectOutput),
    trafficChanges: trafficChanges.map((change) => changeOutput(change, lastShift)),
    diagnosis: diagnosis?.result ? diagnosisOutput(diagnosis.result, diagnosis.evidence ?? []) : null,
    audits: audits ? auditsOutput(audits) : null,
    group: group ? groupOutput(group) : null,
  };
}

function groupOutput({ group, sameVersion, versions, members, runId, at }: GroupFindingRecord) {
  return {
    name: group,
    sameVersion,
    versions,
    members: members.map(({ name, revision, version, runId: run, isOpen, fits, unread }) => ({
      service: name,
      revision: orNull(revision),
      version: orNull(version),
      run: orNull(run),
      open: isOpen,
      fits: orNull(fits),
      unread: orNull(unread),
    })),
    foundBy: runId,
    at: timeOf(at),
  };
}

function runOutput(run: RunRecord & { readonly id: string }): z.infer<typeof RunOutput> {
  const { id, name, ref, candidate, stable, attempt, openedBy, request, build, authority } = run;
  const { state, stage, verdict, reasons, action, outcome, target, alert = false, createdAt, closedAt } = run;
  return {
    id,
    service: serviceOf(name, ref),
    revision: candidate.revision,
    stable: orNull(stable),
    attempt,
    openedBy,
    request: request ? { actor: request.actor, why: request.why } : null,
    build: build ? { ...build, commit: orNull(build.commit) } : null,
    authority,
    state,
    stage,
    verdict: orNull(verdict),
    reasons: [...reasons],
    action,
    outcome: orNull(outcome),
    target: orNull(target),
    alert,
    openedAt: timeOf(createdAt),
    closedAt: timeOrNull(closedAt),
    durationMs: closedAt ? msBetween(createdAt, closedAt) : null,
  };
}

function decisionOutput(decision: DecisionRecord) {
  const { stage, verdict, reasons, action, next, short = false, alert, startedAt, at } = decision;
  return {
    stage,
    verdict,
    reasons: [...reasons],
    action,
    next: orNull(next),
    short,
    alert,
    startedAt: timeOf(startedAt),
    at: timeOf(at),
    durationMs: msBetween(startedAt, at),
  };
}

function effectOutput({
  id,
  kind,
  stage,
  state,
  outcome,
  createdAt,
  endedAt,
}: EffectRecord & { readonly id: string }) {
  return {
    id,
    kind,
    stage: orNull(stage),
    state,
    outcome: orNull(outcome),
    createdAt: timeOf(createdAt),
    endedAt: timeOrNull(endedAt),
    durationMs: endedAt ? msBetween(createdAt, endedAt) : null,
  };
}
