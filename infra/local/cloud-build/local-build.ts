import type { BuildStatus } from '../../../shared/domain/build.ts';
import { timestampOf } from '../timestamp.ts';

/** One Cloud Build build; a changed build is a new value. */
export interface LocalBuild {
  /** A UUID. */
  readonly id: string;
  /** `projects/{number}/locations/{region}/builds/{id}`: Cloud Build names a project by its number. */
  readonly name: string;
  readonly projectId: string;
  readonly status: BuildStatus;
  readonly createTime: Date;
  readonly startTime: Date;
  readonly finishTime?: Date | undefined;
  readonly buildTriggerId?: string | undefined;
  readonly substitutions: Readonly<Record<string, string>>;
  /** `projects/{p}/serviceAccounts/{e-mail}` */
  readonly serviceAccount: string;
  /** What each step wrote to `$BUILDER_OUTPUT/output`. */
  readonly stepOutputs: readonly string[];
  /** Why a step failed. */
  readonly failureDetail?: string | undefined;
}

/** As google.devtools.cloudbuild.v1.Build. */
export function buildToProto(build: LocalBuild): object {
  const { stepOutputs, failureDetail, createTime, startTime, finishTime, ...rest } = build;
  return {
    ...rest,
    createTime: timestampOf(createTime),
    startTime: timestampOf(startTime),
    ...(finishTime === undefined ? {} : { finishTime: timestampOf(finishTime) }),
    results: { buildStepOutputs: stepOutputs.map((text) => Buffer.from(text)) },
    ...(failureDetail === undefined
      ? {}
      : { failureInfo: { type: 'USER_BUILD_STEP', detail: failureDetail } }),
  };
}

/** As a Pub/Sub message carries it: proto3 JSON. */
export function buildToJson(build: LocalBuild): Record<string, unknown> {
  const { stepOutputs, failureDetail, createTime, startTime, finishTime, ...rest } = build;
  return {
    ...rest,
    createTime: createTime.toISOString(),
    startTime: startTime.toISOString(),
    ...(finishTime === undefined ? {} : { finishTime: finishTime.toISOString() }),
    results: { buildStepOutputs: stepOutputs.map((text) => Buffer.from(text).toString('base64')) },
    ...(failureDetail === undefined
      ? {}
      : { failureInfo: { type: 'USER_BUILD_STEP', detail: failureDetail } }),
  };
}
