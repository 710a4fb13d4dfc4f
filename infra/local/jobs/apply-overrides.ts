import { invalidArgument } from '../rpc-error.ts';
import type { JobContainer, JobSpec, RunOverrides } from './job-spec.ts';

const maxValueLength = 32_768;

/** What one execution runs. */
export interface ExecutionSpec {
  readonly container: JobContainer;
  readonly taskCount: number;
  readonly maxRetries: number;
  /** Of each attempt of a task. */
  readonly timeoutMs: number;
}

/**
 * Arguments are replaced, variables are merged by name, and nothing else of a container can be overridden.
 * @throws {RpcError} INVALID_ARGUMENT
 */
export function applyOverrides({ template }: JobSpec, overrides: RunOverrides): ExecutionSpec {
  const task = template.template;
  const container = overrides?.containerOverrides.reduce(override, task.containers[0]) ?? task.containers[0];
  return {
    container,
    taskCount: overrides?.taskCount || template.taskCount,
    maxRetries: task.maxRetries,
    timeoutMs: overrides?.timeout || task.timeout,
  };
}

type ContainerOverride = NonNullable<RunOverrides>['containerOverrides'][number];

function override(container: JobContainer, change: ContainerOverride, index: number): JobContainer {
  const place = `RunJobRequest.overrides.container_overrides[${index}]`;
  if (change.name !== '' && change.name !== container.name)
    throw invalidArgument(`Violation in ${place}.name: no container '${change.name}'.`);
  const tooLong = change.env.findIndex(({ value }) => Buffer.byteLength(value) > maxValueLength);
  // Word for word as in https://github.com/mozilla/bugbug/issues/6233
  if (tooLong !== -1)
    throw invalidArgument(
      `Violation in ${place}.env[${tooLong}].value: length cannot exceed ${maxValueLength}.`,
    );
  const env = new Map([...container.env, ...change.env].map(({ name, value }) => [name, value]));
  const replaced = change.clearArgs || change.args.length > 0;
  return {
    ...container,
    args: replaced ? change.args : container.args,
    env: [...env].map(([name, value]) => ({ name, value })),
  };
}
