import { z } from 'zod';
import { DurationSchema } from '../duration.ts';
import { suiteCommon } from './suite-common.ts';

/** Tests of any runner that writes JUnit XML or CTRF. */
export const CommandSuiteSchema = z.strictObject({
  ...suiteCommon,
  kind: z.literal('command'),
  /** Prints the ids of all tests, one a line. */
  list: z.string().min(1).max(4_000),
  /** Runs some tests. */
  run: z.string().min(1).max(4_000),
  /** What one start of the runner costs before its first test. */
  startup: DurationSchema.default('3s'),
});
export type CommandSuite = z.infer<typeof CommandSuiteSchema>;
