import { z } from 'zod';

const Labels = z.record(z.string(), z.string()).nullish();
const EnvVar = z.object({ name: z.string().min(1), value: z.string().default('') });

/** google.protobuf.Duration, in milliseconds. */
const DurationMs = z
  .object({ seconds: z.coerce.number().nullish(), nanos: z.number().nullish() })
  .nullish()
  .transform((value) => (value ? (value.seconds ?? 0) * 1_000 + (value.nanos ?? 0) / 1e6 : undefined));

const JobContainer = z.object({
  name: z.string().default(''),
  image: z.string().min(1, 'an image is required'),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.array(EnvVar).default([]),
});
export type JobContainer = z.infer<typeof JobContainer>;

/** What of google.cloud.run.v2.Job the local cloud acts on; defaults are Cloud Run's. */
export const JobSpec = z.object({
  labels: Labels,
  annotations: Labels,
  template: z.object({
    taskCount: z
      .number()
      .nullish()
      .transform((count) => count || 1),
    template: z.object({
      containers: z.tuple([JobContainer], 'a job has one container'),
      maxRetries: z
        .number()
        .int()
        .min(0)
        .max(10)
        .nullish()
        .transform((retries) => retries ?? 3),
      timeout: DurationMs.transform((ms) => ms || 600_000),
      serviceAccount: z.string().nullish(),
    }),
  }),
});
export type JobSpec = z.infer<typeof JobSpec>;

/** google.cloud.run.v2.RunJobRequest.Overrides */
export const RunOverrides = z
  .object({
    containerOverrides: z
      .array(
        z.object({
          name: z.string().default(''),
          args: z.array(z.string()).default([]),
          clearArgs: z.boolean().default(false),
          env: z.array(EnvVar).default([]),
        }),
      )
      .default([]),
    taskCount: z.number().int().min(0).max(10_000).default(0),
    timeout: DurationMs,
  })
  .nullish();
export type RunOverrides = z.infer<typeof RunOverrides>;
