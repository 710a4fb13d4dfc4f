import { z } from 'zod';
import { suiteCommon } from './suite-common.ts';

const HttpCheckSchema = z.strictObject({
  name: z.string().min(1).max(10_000),
  path: z.string(),
});

/** Checks that ask the service over HTTP, described in the config. */
export const HttpSuiteSchema = z.strictObject({
  ...suiteCommon,
  kind: z.literal('http'),
  checks: z.array(HttpCheckSchema).min(1).max(5_000),
});
export type HttpSuite = z.infer<typeof HttpSuiteSchema>;
