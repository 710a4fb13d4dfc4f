import type { RunStory } from '../../domain/notices/run-story.ts';
import { code, joined, link, list, md } from '../safe/markdown.ts';
import { causeOf } from './cause-of.ts';
import { markerOf } from './markers.ts';
import { isFailure, tellUsers, tellVerdict } from './tell-state.ts';

/** The comment on the merged pull request that brought the commit. @param issueUrl of the issue about the failure */
export function pullComment(story: RunStory, issueUrl: string | undefined): string {
  const { run, reportUrl } = story;
  const links = [
    ...(issueUrl === undefined ? [] : [link('issue', issueUrl)]),
    ...(reportUrl === undefined ? [] : [link('report', reportUrl)]),
  ];
  const hasFailed = isFailure(run);
  return joined([
    markerOf('pull-comment', run.id),
    md`This change was deployed to ${code(run.name)}: **${tellVerdict(run)}**.`,
    ...(hasFailed ? [list([`cause: ${causeOf(story)}`, `${tellUsers(story)}`])] : []),
    ...(links.length > 0 ? [md`See ${joined(links, ', ')}.`] : []),
  ]).source;
}
