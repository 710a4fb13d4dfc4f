import { z } from 'zod';
import type { ExitCode } from '../../../shared/cli/exit/exit-codes.ts';
import type { Captured } from '../../cli/captured-io.ts';

const Reason = z.object({ code: z.string(), text: z.string() });

const Report = z.object({
  run: z.object({
    id: z.string(),
    state: z.string(),
    verdict: z.string().optional(),
    action: z.string(),
    candidate: z.object({ revision: z.string() }),
    stable: z.string().optional(),
    target: z.string().optional(),
    reasons: z.array(Reason),
    outcome: Reason.optional(),
  }),
  decisions: z.array(z.object({ stage: z.string(), verdict: z.string(), alert: z.boolean() })),
  health: z.array(z.object({ at: z.coerce.date() })),
  trafficChanges: z.array(z.object({ outcome: z.string() })),
});
export type GuardReport = z.infer<typeof Report>;

const Output = z.object({ runs: z.array(Report) });

/** What `guard --json` said. */
export interface GuardResult {
  readonly code: ExitCode;
  readonly stderr: string;
  readonly reports: readonly GuardReport[];
  /** Of the first report; undefined: nothing was validated. */
  readonly run: GuardReport['run'] | undefined;
}

/** @throws {Error} stdout is not what `guard --json` promises; with what was printed */
export function parseGuardResult({ code, stdout, stderr }: Captured): GuardResult {
  if (stdout === '') return { code, stderr, reports: [], run: undefined };
  const { runs: reports } = Output.parse(JSON.parse(stdout));
  return { code, stderr, reports, run: reports[0]?.run };
}
