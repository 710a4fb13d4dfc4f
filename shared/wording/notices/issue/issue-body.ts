import type { RunStory } from '../../../domain/notices/run-story.ts';
import { assemble } from '../../safe/assemble.ts';
import { md } from '../../safe/markdown.ts';
import { markerOf } from '../markers.ts';
import { evidenceSection, expectedSection, whySection } from './issue-cause.ts';
import { auditsSection, checksSection } from './issue-checks.ts';
import { courseSection, doneSection } from './issue-course.ts';
import { headSection, impactSection } from './issue-head.ts';
import { linksSection, remedySection, reproduceSection } from './issue-remedy.ts';

/** GitHub takes 65,536 characters. */
export const maxBodyLength = 60_000;

/**
 * The issue about a run that failed, or that could not be judged while it has users.
 * @param fingerprint tells its cause from others
 */
export function issueBody(story: RunStory, fingerprint: string): string {
  const sections = [
    { rank: 0, parts: [markerOf('issue', fingerprint)] },
    headSection(story),
    impactSection(story),
    remedySection(story),
    doneSection(story),
    expectedSection(story),
    whySection(story),
    checksSection(story),
    courseSection(story),
    reproduceSection(story),
    evidenceSection(story),
    auditsSection(story),
    linksSection(story),
    {
      rank: 3,
      parts: [
        md`<sub>Deploy Loop writes this text anew as facts arrive, and closes the issue once a later deploy passes: comment below instead of editing it.</sub>`,
      ],
    },
  ];
  return assemble(sections, maxBodyLength).source;
}
