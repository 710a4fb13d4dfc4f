declare const brand: unique symbol;

/** A Cloud Run job: the image, the machine and the account that the user's own tests run with. */
export interface JobRef {
  /** The project id, never its number. */
  readonly project: string;
  readonly region: string;
  readonly job: string;
}

/** `projects/{p}/locations/{region}/jobs/{job}/executions/{execution}`: one start of a job. */
export type ExecutionName = string & { readonly [brand]: 'ExecutionName' };

/** `projects/{p}/locations/{region}/jobs/{job}` */
export function jobNameOf({ project, region, job }: JobRef): string {
  return `projects/${project}/locations/${region}/jobs/${job}`;
}
