import type { RunStory } from '../../../domain/notices/run-story.ts';
import { plainText } from '../../safe/chat-text.ts';
import { causeOf } from '../cause-of.ts';

const titleLength = 120;

/** `Deploy failed: web: DATABASE_URL is not set`, on one line of at most 120 characters. */
export function issueTitle(story: Pick<RunStory, 'run' | 'diagnosis'>): string {
  const { name, verdict } = story.run;
  const what = verdict === 'inconclusive' ? 'Deploy not verified' : 'Deploy failed';
  return plainText(`${what}: ${name}: ${causeOf(story)}`, titleLength);
}
