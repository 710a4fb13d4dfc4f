import { timestampOf } from '../timestamp.ts';

export type ConditionState =
  | 'CONDITION_PENDING'
  | 'CONDITION_RECONCILING'
  | 'CONDITION_FAILED'
  | 'CONDITION_SUCCEEDED';

export interface ConditionStatus {
  readonly state: ConditionState;
  readonly message?: string | undefined;
  readonly revisionReason?: 'HEALTH_CHECK_CONTAINER_ERROR' | 'RETIRED' | undefined;
  readonly reason?: 'REVISION_FAILED' | 'CONTAINER_MISSING' | undefined;
}

export interface Condition extends ConditionStatus {
  readonly type: string;
  readonly lastTransitionTime: Date;
}

/** Only a change of state moves `lastTransitionTime`. */
export function transition(condition: Condition, to: ConditionStatus, now: Date): Condition {
  const lastTransitionTime = condition.state === to.state ? condition.lastTransitionTime : now;
  return { type: condition.type, ...to, lastTransitionTime };
}

/** As google.cloud.run.v2.Condition. */
export function renderCondition(condition: Condition): object {
  const { type, state, message, reason, revisionReason, lastTransitionTime } = condition;
  return {
    type,
    state,
    message: message ?? '',
    lastTransitionTime: timestampOf(lastTransitionTime),
    ...(reason === undefined ? {} : { reason }),
    ...(revisionReason === undefined ? {} : { revisionReason }),
    ...(state === 'CONDITION_FAILED' ? { severity: 'ERROR' as const } : {}),
  };
}
