import { z } from 'zod';
import { enumName, Text, Timestamp } from './wire.ts';

const states = {
  0: 'STATE_UNSPECIFIED',
  1: 'CONDITION_PENDING',
  2: 'CONDITION_RECONCILING',
  3: 'CONDITION_FAILED',
  4: 'CONDITION_SUCCEEDED',
};

const commonReasons = {
  1: 'UNKNOWN',
  3: 'REVISION_FAILED',
  4: 'PROGRESS_DEADLINE_EXCEEDED',
  6: 'CONTAINER_MISSING',
  7: 'CONTAINER_PERMISSION_DENIED',
  8: 'CONTAINER_IMAGE_UNAUTHORIZED',
  9: 'CONTAINER_IMAGE_AUTHORIZATION_CHECK_FAILED',
  10: 'ENCRYPTION_KEY_PERMISSION_DENIED',
  11: 'ENCRYPTION_KEY_CHECK_FAILED',
  12: 'SECRETS_ACCESS_CHECK_FAILED',
  13: 'WAITING_FOR_OPERATION',
  14: 'IMMEDIATE_RETRY',
  15: 'POSTPONED_RETRY',
  16: 'INTERNAL',
  17: 'VPC_NETWORK_NOT_FOUND',
};

const revisionReasons = {
  1: 'PENDING',
  2: 'RESERVE',
  3: 'RETIRED',
  4: 'RETIRING',
  5: 'RECREATING',
  6: 'HEALTH_CHECK_CONTAINER_ERROR',
  7: 'CUSTOMIZED_PATH_RESPONSE_PENDING',
  8: 'MIN_INSTANCES_NOT_PROVISIONED',
  9: 'ACTIVE_REVISION_LIMIT_REACHED',
  10: 'NO_DEPLOYMENT',
  11: 'HEALTH_CHECK_SKIPPED',
  12: 'MIN_INSTANCES_WARMING',
};

/** google.cloud.run.v2.Condition */
export const GoogleCondition = z
  .object({
    type: Text,
    state: enumName(states),
    message: Text,
    lastTransitionTime: Timestamp,
    reason: enumName(commonReasons),
    revisionReason: enumName(revisionReasons),
  })
  .transform(({ reason, revisionReason, ...condition }) => ({
    ...condition,
    /** Whichever of the reasons is set. */
    reason: revisionReason ?? reason,
  }));
export type GoogleCondition = z.infer<typeof GoogleCondition>;
