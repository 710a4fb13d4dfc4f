import { type JobRef, jobNameOf } from '../../../shared/domain/checks/job-ref.ts';

const jobPattern = /^projects\/(?<project>[^/]+)\/locations\/(?<region>[^/]+)\/jobs\/(?<job>[^/]+)$/;
const executionPattern = /^(?<parent>projects\/[^/]+\/locations\/[^/]+\/jobs\/[^/]+)\/executions\/[^/]+$/;

export function parseJobName(name: string): JobRef | undefined {
  const { project, region, job } = jobPattern.exec(name)?.groups ?? {};
  return project && region && job ? { project, region, job } : undefined;
}

/** The job that an execution is of. */
export function jobOfExecution(name: string): JobRef | undefined {
  const { parent } = executionPattern.exec(name)?.groups ?? {};
  return parent === undefined ? undefined : parseJobName(parent);
}

export function executionName(ref: JobRef, execution: string): string {
  return `${jobNameOf(ref)}/executions/${execution}`;
}
