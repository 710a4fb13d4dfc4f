import type { EffectRecord, IntentRecord, RunRecord, ServiceRecord } from '../contracts/records.ts';
import { sameSplit, specSplit } from '../domain/service-state.ts';
import { describeMove } from './describe-move.ts';
import { describePin } from './describe-pin.ts';
import { trafficCommand } from './traffic-command.ts';

/** What is recorded of work that was stopped before its end. */
export interface StoppedWork {
  /** Those that were opened or changed, in that order. */
  readonly runs: readonly (RunRecord & { readonly id: string })[];
  /** Those of the runs, and manual ones. */
  readonly effects: readonly EffectRecord[];
  /** The requests for traffic of these effects, in the order of time. */
  readonly trafficChanges: readonly IntentRecord[];
  /** The services of the above. */
  readonly services: readonly ServiceRecord[];
  /** What keeps their traffic from being moved, in sentences. */
  readonly holds: readonly string[];
  /** The options that name the records; undefined: they end with this process. */
  readonly recordsOptions: string | undefined;
}

type Row = readonly [head: string, text: string];

/**
 * What was done, what is pending, and how to go on or undo it, one fact per line.
 * @param by what stopped it: `by SIGINT`, `after 1 h`
 */
export function describeStop(by: string, work: StoppedWork): string {
  const rows: Row[] = [
    ['stopped', `${by}: ${subjectOf(work)}`],
    ...trafficRows(work),
    ...work.services.flatMap(({ pin }): Row[] => (pin ? [['pin', describePin(pin)]] : [])),
    ...work.holds.map((text): Row => ['held', text]),
    ...pendingRows(work),
    ...work.runs.flatMap((run) => canaryRows(run, work)),
    ...nextRows(work),
    ...undoRows(work),
  ];
  return rows.map(([head, text]) => `${head.padEnd(9)}${text}\n`).join('');
}

function subjectOf({ runs, effects }: StoppedWork): string {
  const open = runs.filter(({ state }) => state !== 'closed');
  if (open.length > 0)
    return open.map((run) => `run ${run.id} of ${run.candidate.revision} is ${placeOf(run)}`).join('; ');
  return effects.length > 0 ? 'a change was requested' : 'no run was opened';
}

function placeOf({ state, stage }: RunRecord): string {
  return state === 'waiting' ? 'still waiting' : `in stage ${stage}`;
}

/** Only changes of percentages: tags are cleaned up by themselves. */
function movesOf({ trafficChanges }: StoppedWork): readonly IntentRecord[] {
  return trafficChanges.filter(
    ({ before, after }) => !sameSplit(specSplit(before, undefined), specSplit(after, undefined)),
  );
}

function trafficRows(work: StoppedWork): Row[] {
  const rows = movesOf(work).flatMap((change): Row[] => {
    const { service } = change.ref;
    switch (change.outcome) {
      case 'accepted':
        return [['traffic', `${service}: ${describeMove(change)}`]];
      case 'unknown':
        return [['traffic', `${service}: unknown whether this write took effect: ${describeMove(change)}`]];
      case 'rejected':
        return [];
      default:
        return change.outcome satisfies never;
    }
  });
  return rows.length > 0 ? rows : [['traffic', 'not changed']];
}

function pendingRows({ effects }: StoppedWork): Row[] {
  return effects.flatMap(({ kind, state, outcome, ref }): Row[] => {
    if (state !== 'open') return [];
    const last = outcome === undefined ? '' : ` (last attempt: ${outcome.text})`;
    return [['pending', `${kind} of ${ref.service} is not finished${last}`]];
  });
}

function canaryRows(run: StoppedWork['runs'][number], work: StoppedWork): Row[] {
  const { revision } = run.candidate;
  const last = movesOf(work).findLast((change) => change.runId === run.id && change.outcome === 'accepted');
  const share = last && specSplit(last.after, undefined)[revision];
  if (run.state === 'closed' || !share || share === 100) return [];
  const keeps = `${revision} keeps ${share} % of the traffic until the run goes on`;
  const { recordsOptions } = work;
  return recordsOptions === undefined
    ? [['canary', keeps]]
    : [
        ['canary', `${keeps}, or is cancelled`],
        ['abort', `deploy-loop abort ${run.id} --why TEXT ${recordsOptions}, then the same command again`],
      ];
}

function nextRows({ runs, effects, recordsOptions }: StoppedWork): Row[] {
  if (runs.length === 0 && effects.length === 0) return [['next', 'run the same command again']];
  return recordsOptions === undefined
    ? [['next', 'run the same command again: it begins anew, since the records were in memory only']]
    : [['next', 'run the same command again: it continues where this one ended']];
}

/** For each service, back to the traffic before the first change. */
function undoRows(work: StoppedWork): Row[] {
  const first = new Map<string, IntentRecord>();
  for (const change of movesOf(work))
    if (change.outcome !== 'rejected' && !first.has(change.serviceKey)) first.set(change.serviceKey, change);
  return [...first.values()].map(({ ref, before }) => ['undo', trafficCommand(ref, before)]);
}
