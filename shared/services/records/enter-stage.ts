import type { ServiceConfig } from '../../contracts/config.ts';
import { stageTimeoutMs } from '../../contracts/policies.ts';
import type { Stage } from '../../domain/stages.ts';

/** Its own messages work on it until then; the sweep looks after it from then on. */
const firstNudgeMs = 60_000;

/** What a run's record says when a stage begins. */
export function enterStage(stage: Stage, config: ServiceConfig, now: Date) {
  const stageDeadlineAt = new Date(now.getTime() + stageTimeoutMs(config, stage));
  return { stage, stageStartedAt: now, dueAt: new Date(now.getTime() + firstNudgeMs), stageDeadlineAt };
}
