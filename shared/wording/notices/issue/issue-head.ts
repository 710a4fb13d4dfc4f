import { isCounted, revenueAtRisk } from '../../../domain/notices/failed-check.ts';
import { type Ranking, rankIssue } from '../../../domain/notices/issue-priority.ts';
import type { RunStory } from '../../../domain/notices/run-story.ts';
import { describeConcern } from '../../describe-check.ts';
import type { Section } from '../../safe/assemble.ts';
import { type Content, code, link, list, Markdown, md, table, text } from '../../safe/markdown.ts';
import { commitAddress, compareAddress, revisionsAddress } from '../addresses.ts';
import { causeOf, isCauseKnown } from '../cause-of.ts';
import { capitalized, isFailure, tellUsers, tellVerdict } from '../tell-state.ts';

const maxImpacts = 10;

/** The priority of the issue about a run. */
export function rankStory({ run, exposure, checks }: RunStory): Ranking {
  return rankIssue({ verdict: run.verdict ?? 'inconclusive', exposure, revenueUsd: revenueAtRisk(checks) });
}

/** What everybody should know, in a few lines. */
export function headSection(story: RunStory): Section {
  const { run } = story;
  const state = md`**${capitalized(tellVerdict(run))}. ${capitalized(tellUsers(story))}.**`;
  const lead =
    isFailure(run) && rankStory(story).priority === 'P0'
      ? new Markdown(`> [!CAUTION]\n> ${state.source}`)
      : state;
  const cause = isFailure(run) ? [causeLine(story)] : [];
  return { rank: 0, parts: [lead, ...cause, factTable(story)] };
}

function causeLine(story: RunStory): Markdown {
  const cause = causeOf(story);
  return isCauseKnown(story)
    ? md`**Cause**: ${cause}.`
    : md`**Noticed**: ${cause}. The cause is not known yet.`;
}

function factTable(story: RunStory): Markdown {
  const { run, source, reportUrl } = story;
  const { ref, candidate, stable } = run;
  const console = revisionsAddress(ref);
  const rows: readonly (readonly Content[])[] = [
    [
      'Revision',
      md`${link(code(candidate.revision), console)}, deployed ${candidate.createTime.toISOString()}`,
    ],
    ['Compared with', stable === undefined ? 'no revision is known to be good' : code(stable)],
    ...(source?.commit === undefined ? [] : [['Commit', commitLink(source, source.commit)] as const]),
    ['Run', reportUrl === undefined ? code(run.id) : link(code(run.id), reportUrl)],
  ];
  const service = [
    'Service',
    md`${link(code(ref.service), console)} in ${code(ref.project)}, ${code(ref.region)}`,
  ];
  return isFailure(run)
    ? table(['Priority', rankStory(story).priority], [service, ...rows])
    : table(service, rows);
}

function commitLink(source: NonNullable<RunStory['source']>, commit: string): Markdown {
  const own = code(commit.slice(0, 12));
  const address = commitAddress(source, commit);
  const difference = compareAddress(source);
  const linked = address === undefined ? own : link(own, address);
  return difference === undefined ? linked : md`${linked} (${link('what is new since stable', difference)})`;
}

/** The harm done. */
export function impactSection(story: RunStory): Section {
  const revenue = revenueAtRisk(story.checks);
  const concerned = story.checks.filter((check) => isCounted(check) && check.impact !== undefined);
  const told = [...new Set(concerned.map(describeConcern))];
  const more = told.length - maxImpacts;
  const sentence = md`${capitalized(rankStory(story).why)}.`;
  const money =
    revenue === undefined
      ? []
      : [md`**${revenue.toLocaleString('en-US')} USD of monthly revenue is at risk.**`];
  const items = told.slice(0, maxImpacts).map((impact) => text(impact));
  const rest = more > 0 ? [md`and ${more} more`] : [];
  return {
    heading: 'Impact',
    rank: 2,
    parts: [sentence, ...money, ...(items.length > 0 ? [list([...items, ...rest])] : [])],
  };
}
