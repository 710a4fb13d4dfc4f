import { undoCommand } from '../../domain/render/undo-command.ts';
import type { RunReport } from '../../services/query-reports.ts';

/** What a person needs to know of a run that has ended, in a few lines. */
export function summarizeRun(report: RunReport): string {
  const { run } = report;
  const lines: [string, string][] = [
    ['verdict', `${run.verdict ?? 'open'}  ${run.ref.service} ${run.candidate.revision}${outcomeOf(report)}`],
    ['why', run.reasons.map((reason) => reason.text).join('; ')],
  ];
  const times = timesOf(report);
  if (times) lines.push(['times', times]);
  const undo = undoOf(report);
  if (undo) lines.push(['undo', undo]);
  lines.push(['run', run.id]);
  return lines.map(([name, text]) => `${name.padEnd(8)}${text}\n`).join('');
}

function outcomeOf({ run }: RunReport): string {
  const target = run.target === undefined ? '' : `, traffic is back on ${run.target}`;
  return run.outcome ? `${target} (${run.outcome.code}: ${run.outcome.text})` : target;
}

function timesOf({ run, decisions, effects }: RunReport): string | undefined {
  const since = (at: Date | undefined) =>
    at ? `${((at.getTime() - run.createdAt.getTime()) / 1000).toFixed(1)} s` : undefined;
  const decided = since(decisions.find((decision) => decision.stage === 'health')?.at);
  const restored = since(
    effects.find((effect) => effect.kind === 'rollback' && effect.state === 'done')?.endedAt,
  );
  const verified = since(decisions.find((decision) => decision.stage === 'reverify')?.at);
  const parts = [
    decided && `decided after ${decided}`,
    restored && `restored after ${restored}`,
    verified && `re-verified after ${verified}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ') || undefined;
}

/** Only a change of percents needs undoing; tags are cleaned up by themselves. */
function undoOf({ run, trafficChanges }: RunReport): string | undefined {
  const rollback = trafficChanges.find(
    (change) => change.effectId.endsWith('.rollback') && change.outcome === 'accepted',
  );
  return rollback && undoCommand(run.ref, rollback.before);
}
