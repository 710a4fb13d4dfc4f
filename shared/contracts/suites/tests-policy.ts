import { z } from 'zod';
import type { priorities } from '../../domain/checks/priorities.ts';
import { DurationSchema, PositiveDurationSchema } from '../duration.ts';

const PercentSchema = z.number().min(0).max(100);

/** Which checks run: `all`, `golden-path`, `category:NAME`, `priority:P1` or `tag:NAME`. */
export const FocusSchema = z
  .string()
  .regex(
    /^(all|golden-path|category:.{1,100}|priority:P[1-6]|tag:[a-z0-9][a-z0-9-]{0,62})$/,
    'write all, golden-path, category:NAME, priority:P1 to P6, or tag:NAME',
  );

/** How a service's suites are run and judged. */
export const TestsPolicySchema = z.strictObject({
  focus: FocusSchema,
  /** How many shards run at the same time. */
  workers: z.int().min(1).max(128),
  /** The time limit of the whole stage. */
  timeout: PositiveDurationSchema,
  /** Per priority: the percentage that its failure rate must stay below; 0 allows no failures. */
  gates: z.strictObject({
    P1: PercentSchema,
    P2: PercentSchema,
    P3: PercentSchema,
    P4: PercentSchema,
    P5: PercentSchema,
    P6: PercentSchema,
  } satisfies Record<(typeof priorities)[number], typeof PercentSchema>),
  /** The highest accepted 95th percentile of the response times of checks. */
  p95: PositiveDurationSchema,
  /** The highest accepted percentage of checks that break by themselves. */
  errored: PercentSchema,
  /** A command's test that took less is suspect: it may not have run. */
  floor: DurationSchema,
  /** Whether suspect tests are only reported, or count as not run. */
  suspect: z.enum(['report', 'not-run']),
});
export type TestsPolicy = z.infer<typeof TestsPolicySchema>;

export const defaultTestsPolicy = {
  focus: 'all',
  workers: 16,
  timeout: '30m',
  gates: { P1: 0, P2: 5, P3: 10, P4: 10, P5: 20, P6: 20 },
  p95: '2s',
  errored: 0,
  floor: '1ms',
  suspect: 'report',
} as const;
