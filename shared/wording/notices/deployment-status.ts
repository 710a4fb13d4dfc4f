import { type DeploymentState, deploymentStateOf } from '../../domain/notices/commit-status.ts';
import type { RunStory } from '../../domain/notices/run-story.ts';
import { plainText } from '../safe/chat-text.ts';
import { logAddress } from './addresses.ts';
import { isFailure, tellUsers, tellVerdict } from './tell-state.ts';

/** GitHub takes no more characters. */
const descriptionLength = 140;

/** The status of a deployment, in GitHub's terms. */
export interface DeploymentStatusText {
  readonly state: DeploymentState;
  readonly description: string;
  readonly logUrl: string;
}

export function deploymentStatus(story: RunStory): DeploymentStatusText {
  const { run, reportUrl } = story;
  const { ref, candidate, createdAt, closedAt } = run;
  const hasFailed = isFailure(run);
  const description = hasFailed ? `${tellVerdict(run)}; ${tellUsers(story)}` : tellVerdict(run);
  return {
    state: deploymentStateOf(run),
    description: plainText(description, descriptionLength),
    logUrl: reportUrl ?? logAddress(ref, candidate.revision, candidate.createTime, closedAt ?? createdAt),
  };
}
