import { z } from 'zod';
import { priorities } from '../../domain/checks/priorities.ts';
import { effectKinds } from '../../domain/stages.ts';
import { FaultOutput } from './error-output.ts';
import {
  CountOutput,
  documentHead,
  MsOutput,
  PinOutput,
  ReasonOutput,
  ServiceOutput,
  TimeOutput,
  TrafficOutput,
} from './parts.ts';
import { RunReportOutput } from './run-output.ts';

/**
 * `rollback`, `promote`, `pin`, `unpin`.
 * @property state `planned` and `refused` only in a dry run; `open`: Cloud Run was unavailable, and it is tried again
 */
export const ManualDocument = z.strictObject({
  ...documentHead,
  dryRun: z.boolean(),
  kind: z.enum(effectKinds),
  service: ServiceOutput,
  effectId: z.string().nullable(),
  state: z.enum(['planned', 'refused', 'open', 'done', 'skipped', 'stopped']),
  outcome: ReasonOutput.nullable(),
  before: TrafficOutput.nullable(),
  after: TrafficOutput.nullable(),
  pin: PinOutput.nullable(),
  undo: z.string().nullable(),
});

/** `freeze`, `unfreeze`, `pause`, `resume`, `abort`. @property changed in a dry run: what would be */
export const ControlDocument = z.strictObject({
  ...documentHead,
  dryRun: z.boolean(),
  changed: z.boolean(),
  text: z.string(),
  undo: z.string().nullable(),
});

/** `rerun --dry-run`. @property attempt null: no run would start */
export const RerunPreviewDocument = z.strictObject({
  ...documentHead,
  dryRun: z.literal(true),
  service: ServiceOutput,
  revision: z.string(),
  attempt: z.int().min(1).nullable(),
  traffic: TrafficOutput,
});

/** `apply`. */
export const AppliedDocument = z.strictObject({
  ...documentHead,
  digest: z.string(),
  services: z.array(
    z.strictObject({
      name: z.string(),
      exists: z.boolean(),
      serving: z.string().nullable(),
      lastGood: z.string().nullable(),
    }),
  ),
  runs: z.array(RunReportOutput),
});

/** `validate` of a file without faults; otherwise it prints an error with the faults. */
export const ConfigDocument = z.strictObject({
  ...documentHead,
  digest: z.string(),
  services: z.array(z.string()),
  warnings: z.array(FaultOutput),
});

/** `tests`. @property total how many there are, shown or not */
export const TestsDocument = z.strictObject({
  ...documentHead,
  service: ServiceOutput,
  tests: z.array(
    z.strictObject({
      suite: z.string(),
      id: z.string(),
      environment: z.string(),
      runs: CountOutput,
      medianMs: MsOutput.nullable(),
      failureRate: z.number().min(0).max(1),
      flakyRate: z.number().min(0).max(1),
      failing: z.strictObject({ revision: z.string(), since: TimeOutput }).nullable(),
      firstFailureAt: TimeOutput.nullable(),
      lastFailureAt: TimeOutput.nullable(),
      seenAt: TimeOutput,
    }),
  ),
  total: CountOutput,
});

const tally = {
  tests: CountOutput,
  passed: CountOutput,
  failed: CountOutput,
  errored: CountOutput,
  skipped: CountOutput,
  flaky: CountOutput,
  durationMs: MsOutput,
};

/** `results`. @property cases the first that did not pass, with the reason */
export const ResultsDocument = z.strictObject({
  ...documentHead,
  files: z.array(
    z.strictObject({
      file: z.string(),
      ...tally,
      problems: z.array(
        z.strictObject({
          kind: z.string(),
          severity: z.enum(['error', 'warning']),
          message: z.string(),
          line: z.int().min(1).nullable(),
          column: z.int().min(1).nullable(),
          count: CountOutput,
        }),
      ),
      cases: z.array(z.strictObject({ id: z.string(), outcome: z.string(), detail: z.string() })),
    }),
  ),
  totals: z.strictObject(tally),
});

/** `plan`. @property ratio 1: no plan could end sooner */
export const PlanDocument = z.strictObject({
  ...documentHead,
  mode: z.enum(['queue', 'static']),
  makespanMs: MsOutput,
  lowerBoundMs: MsOutput,
  ratio: z.number().min(0),
  shards: CountOutput,
  tests: CountOutput,
  unknown: CountOutput,
  workers: z.array(z.strictObject({ shards: CountOutput, tests: CountOutput, durationMs: MsOutput })),
});

/** `import-index`. */
export const IndexDocument = z.strictObject({
  ...documentHead,
  suites: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.literal('command'),
      priority: z.enum(priorities),
      category: z.string().nullable(),
      impact: z.strictObject({ text: z.string(), mrrUsd: z.number().nullable() }).nullable(),
      list: z.string(),
      run: z.string(),
    }),
  ),
  patterns: z.array(z.string()),
  disagreements: z.array(
    z.strictObject({
      kind: z.enum(['not-collected', 'count', 'not-indexed']),
      file: z.string(),
      indexed: CountOutput.nullable(),
      collected: CountOutput.nullable(),
      didYouMean: z.string().nullable(),
    }),
  ),
});
