import { z } from 'zod';
import type { priorities } from '../../domain/checks/priorities.ts';
import { DurationSchema, PositiveDurationSchema } from '../duration.ts';

const PercentSchema = z.number().min(0).max(100);

/** Which checks run: `all`, `golden-path`, `category:NAME`, `priority:P1` or `tag:NAME`. */
export const FocusSchema = z
  .string()
  .regex(
    /^(all|golden-path|category:.{1,100}|priority:P[1-6]|tag:[a-z0-9][a-z0-9-]{0,62})$/,
    'all, golden-path, category:NAME, priority:P1 to P6, or tag:NAME',
  );

/** How a service's suites are run and judged. */
export const TestsPolicySchema = z.strictObject({
  focus: FocusSchema,
  /** How many shards are worked on at a time. */
  workers: z.int().min(1).max(128),
  /** Bounds the whole stage. */
  timeout: PositiveDurationSchema,
  /** Per priority: below which percent of its checks may fail; 0: none may. */
  gates: z.strictObject({
    P1: PercentSchema,
    P2: PercentSchema,
    P3: PercentSchema,
    P4: PercentSchema,
    P5: PercentSchema,
    P6: PercentSchema,
  } satisfies Record<(typeof priorities)[number], typeof PercentSchema>),
  /** The largest 95th percentile of the answers' latency that checks wait for. */
  p95: PositiveDurationSchema,
  /** What percent of all checks may break by themselves. */
  errored: PercentSchema,
  /** A command's test that took less is suspected of not having run. */
  floor: DurationSchema,
  /** Whether a suspect test is only reported, or taken as not run. */
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
