import type { RevisionName } from '../../../domain/ids.ts';
import type { Reproduction, RunStory } from '../../../domain/notices/run-story.ts';
import { commandOn, type MendSubject, rerunCommand } from '../../mend-of.ts';
import type { Section } from '../../safe/assemble.ts';
import {
  type Content,
  code,
  commands,
  joined,
  link,
  list,
  type Markdown,
  md,
  webAddress,
} from '../../safe/markdown.ts';
import { quoteForShell } from '../../safe/quote-for-shell.ts';
import { mendOfRun } from '../../summarize-run.ts';
import { trafficCommand } from '../../traffic-command.ts';
import { buildAddress, logAddress, revisionsAddress } from '../addresses.ts';

/** The commands that ask again as the guard did. */
export function reproduceSection(story: RunStory): Section {
  const { reproductions = [] } = story;
  const again = reproductions.flatMap((one) => {
    const command = commandOf(one);
    return command === undefined ? [] : [joined([whatOf(one), commands(command)])];
  });
  const judged = joined([md`To have the revision judged again:`, commands(rerunCommand(subjectOf(story)))]);
  return { heading: 'How to reproduce', rank: 4, parts: [...again, judged] };
}

function whatOf(one: Reproduction): Markdown {
  return one.kind === 'request'
    ? md`The request that failed (expected: ${one.expected}):`
    : md`The suite ${code(one.suite)}, as the config starts it:`;
}

/** Undefined: there is none, since the address is none of the web. */
function commandOf(one: Reproduction): string | undefined {
  if (one.kind === 'suite') return one.command;
  const url = webAddress(one.url);
  if (url === undefined) return undefined;
  const token = one.isPrivate ? ' -H "Authorization: Bearer $(gcloud auth print-identity-token)"' : '';
  return `curl -sS -i -X ${quoteForShell(one.method)}${token} ${quoteForShell(url)}`;
}

/** What to do at once, next, and so that it does not happen again. */
export function remedySection(story: RunStory): Section {
  const { run, diagnosis, exposure, preventionUrl } = story;
  const advice = diagnosis?.result?.remediation;
  const isServed = exposure === 'now' || exposure === 'unknown';
  const mend = isServed ? mendOfRun(run, subjectOf(story)) : undefined;
  const items = [
    md`**Now**: ${nowOf(story)}`,
    ...(mend === undefined ? [] : [md`**To go on**: ${mend}`]),
    ...(advice ? [md`**Next**: ${advice.next}`, md`**Later**: ${advice.later}`] : []),
    ...(preventionUrl === undefined
      ? []
      : [md`**Prevention**: ${link('the pull request that was opened for it', preventionUrl)}`]),
  ];
  return { heading: 'What to do', rank: 1, parts: [list(items), ...(isServed ? restoring(story) : [])] };
}

const undiagnosed = 'See what was noticed: the diagnosis is not made yet, and will be told here.';

/** Advice to move traffic is void where it has been moved, and where no user got the revision. */
function nowOf(story: RunStory): Content {
  const { run, exposure } = story;
  const now = story.diagnosis?.result?.remediation.now ?? undiagnosed;
  const isAboutTraffic = now.startsWith('Put traffic back');
  if (exposure === 'unrestored')
    return md`Find out what both revisions depend on. To try another one: ${code(rollbackCommand(story, 'REVISION'))}`;
  if (exposure === 'before' && run.target !== undefined) {
    const done = `Nothing for users: traffic is back on ${run.target}.`;
    return isAboutTraffic ? done : `${done} ${now}`;
  }
  if (exposure === 'never' && isAboutTraffic) return 'Nothing for users: none of them got the revision.';
  return now;
}

/** The commands that give users the good revision, or another one. */
function restoring(story: RunStory): readonly Markdown[] {
  const { ref, stable, reasons } = story.run;
  // What stable answers badly, too, does not get better by it.
  if (reasons.some((reason) => reason.code === 'dependency')) return [];
  const revision = stable ?? ('REVISION' as RevisionName);
  const place = stable === undefined ? md`another revision` : code(stable);
  return [
    joined([
      md`To put all users on ${place} now, with either of:`,
      commands(rollbackCommand(story, revision), trafficCommand(ref, [{ revision, percent: 100 }])),
    ]),
  ];
}

function rollbackCommand(story: RunStory, revision: string): string {
  return commandOn(`rollback ${story.run.name} --to ${revision} --why TEXT`, story);
}

function subjectOf({ run, records }: RunStory): MendSubject {
  return { name: run.name, revision: run.candidate.revision, records };
}

/** Where the rest can be read. */
export function linksSection(story: RunStory): Section {
  const { run, reportUrl } = story;
  const { ref, candidate, build, createdAt, closedAt } = run;
  const built = build && buildAddress(build);
  const logs = logAddress(ref, candidate.revision, candidate.createTime, closedAt ?? createdAt);
  const links = [
    ...(reportUrl === undefined ? [] : [link('report of the run', reportUrl)]),
    link('log of the revision', logs),
    link('revisions in the console', revisionsAddress(ref)),
    ...(built === undefined ? [] : [link('build', built)]),
  ];
  return {
    heading: 'Links',
    rank: 2,
    parts: [
      joined(links, ' · '),
      joined([md`Everything that was recorded:`, commands(commandOn(`show ${run.id}`, story))]),
    ],
  };
}
