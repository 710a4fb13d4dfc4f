import { z } from 'zod';
import type { ExecutionName, JobRef } from '../../domain/checks/job-ref.ts';
import { ProjectSchema, RegionSchema } from '../id-schemas.ts';

const jobPart = '[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?';
const fullName = new RegExp(
  `^projects/(?<project>[^/]+)/locations/(?<region>[^/]+)/jobs/(?<job>${jobPart})$`,
);
const executionName = new RegExp(`^projects/[^/]+/locations/[^/]+/jobs/${jobPart}/executions/[a-z0-9-]+$`);

/** A job in the config, by its full name. */
export const JobNameSchema = z
  .string()
  .transform((name) => fullName.exec(name)?.groups)
  .pipe(
    z.object(
      { project: ProjectSchema, region: RegionSchema, job: z.string() },
      'write the job as projects/PROJECT/locations/REGION/jobs/NAME',
    ),
  )
  .readonly() satisfies z.ZodType<JobRef>;

/** The same, kept as text: a config is stored and read again. */
export const JobNameTextSchema = z
  .string()
  .refine(
    (name) => JobNameSchema.safeParse(name).success,
    'write the job as projects/PROJECT/locations/REGION/jobs/NAME',
  );

/** The only place where text becomes the name of an execution. */
export const ExecutionNameSchema = z
  .string()
  .regex(executionName, 'not the name of an execution')
  .transform((name) => name as ExecutionName);
