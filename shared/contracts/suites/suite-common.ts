import { z } from 'zod';
import { priorities } from '../../domain/checks/priorities.ts';
import { DurationSchema, PositiveDurationSchema } from '../duration.ts';
import { SecretNameSchema, SecretSourceSchema } from './secret-source.ts';

/** Matches check ids: `*` matches anything, all else is literal. */
const PatternSchema = z.string().min(1).max(500);

/** `warn`: what fails is told, and never counts. */
export const SeveritySchema = z.enum(['fail', 'warn']);

/** What suites of all kinds have. */
export const suiteCommon = {
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes'),
  priority: z.enum(priorities).default('P3'),
  severity: SeveritySchema.default('fail'),
  category: z.string().min(1).max(100).optional(),
  /** The business impact of a failure. */
  impact: z
    .strictObject({ text: z.string().min(1).max(500), mrrUsd: z.number().min(0).optional() })
    .optional(),
  owner: z.string().min(1).max(100).optional(),
  tags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes'))
    .max(50)
    .default([]),
  /** The time limit of one check. */
  timeout: PositiveDurationSchema.default('30s'),
  /** The time limit of one shard, or of one start of a command. */
  suiteTimeout: PositiveDurationSchema.default('10m'),
  /** How often a failed check is retried on the candidate before it counts as failed. */
  retries: z.int().min(1).max(5).default(1),
  /** Before the first retry; later ones wait longer. `0s`: nothing is waited for. */
  retryPause: DurationSchema.default('2s'),
  /** Checks that stay in one shard, in the order in which they were collected. */
  groups: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(100),
        tests: z.array(PatternSchema).min(1).max(1000),
      }),
    )
    .max(500)
    .default([]),
  /** Checks that run and are reported, but never count. */
  quarantine: z
    .array(
      z.strictObject({
        tests: z.array(PatternSchema).min(1).max(1000),
        owner: z.string().min(1).max(100),
        /** The last day of the quarantine, in UTC. */
        until: z.iso.date('write a day as YYYY-MM-DD'),
        reason: z.string().max(500).optional(),
      }),
    )
    .max(500)
    .default([]),
  /** The secrets that its checks may use as `${NAME}`. */
  secrets: z.record(SecretNameSchema, SecretSourceSchema).default({}),
} as const;
