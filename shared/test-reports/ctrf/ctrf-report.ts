import { z } from 'zod';

const Text = z.string().nullish();

const CtrfAttempt = z.looseObject({ status: z.string().nullish() });

/** The fields that we read of a test in a CTRF report (ctrf.io); `retryAttempts` are the attempts before the last. */
export const CtrfTest = z.looseObject({
  name: z.string(),
  /** `passed`, `failed`, `skipped`, `pending` or `other`; tools also write other words. */
  status: z.string().min(1),
  /** Milliseconds. */
  duration: z.unknown().optional(),
  /** A path of suites; older reports have one text. */
  suite: z.union([z.string(), z.array(z.string())]).nullish(),
  message: Text,
  trace: Text,
  filePath: Text,
  line: z.unknown().optional(),
  flaky: z.boolean().nullish(),
  /** Milliseconds since the epoch. */
  start: z.unknown().optional(),
  retries: z.number().nullish(),
  retryAttempts: z.array(CtrfAttempt).nullish(),
});
export type CtrfTest = z.infer<typeof CtrfTest>;

export const CtrfReport = z.looseObject({
  /** Older reports have none. */
  reportFormat: z.literal('CTRF').optional(),
  results: z.looseObject({ tests: z.array(z.unknown()) }),
});
