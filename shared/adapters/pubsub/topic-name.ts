import type { Hop } from '../../contracts/messages.ts';
import { topicOf } from '../../contracts/topics.ts';

/** `projects/{projectId}/topics/{prefix}{hop}`: one topic for each hop. */
export function topicName(projectId: string, hop: Hop, prefix?: string): string {
  return `projects/${projectId}/topics/${topicOf(hop, prefix)}`;
}
