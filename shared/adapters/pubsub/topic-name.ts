import type { Hop } from '../../contracts/messages.ts';

export const defaultTopicPrefix = 'deploy-loop-';

/** `projects/{projectId}/topics/{prefix}{hop}`: one topic for each hop. */
export function topicName(projectId: string, hop: Hop, prefix = defaultTopicPrefix): string {
  return `projects/${projectId}/topics/${prefix}${hop}`;
}
