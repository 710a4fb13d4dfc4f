import { z } from 'zod';
import type { ExitCode } from '../../../shared/cli/exit/exit-codes.ts';
import { ErrorDocument } from '../../../shared/contracts/output/error-output.ts';
import { ValidatedDocument } from '../../../shared/contracts/output/run-output.ts';
import type { Captured } from '../../cli/captured-io.ts';

type Output = z.infer<typeof ValidatedDocument>['runs'][number];

/** A run that `guard --json` told of; what is none is undefined. */
export interface GuardReport extends Pick<Output, 'decisions' | 'trafficChanges' | 'undo'> {
  readonly run: Pick<Output, 'id' | 'state' | 'action' | 'reasons'> & {
    readonly verdict: string | undefined;
    readonly candidate: { readonly revision: string };
    readonly stable: string | undefined;
    readonly target: string | undefined;
    readonly outcome: NonNullable<Output['outcome']> | undefined;
  };
  readonly health: readonly { readonly at: Date }[];
}

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
  const document = z.union([ValidatedDocument, ErrorDocument]).parse(JSON.parse(stdout));
  const told = 'error' in document ? document.error.exitCode : document.exitCode;
  if (told !== code) throw new Error(`guard ended with ${code}, and its JSON says ${told}`);
  const reports = 'error' in document ? [] : document.runs.map(reportOf);
  return { code, stderr, reports, run: reports[0]?.run };
}

function reportOf(output: Output): GuardReport {
  const { id, state, verdict, action, revision, stable, target, reasons, outcome, health, ...rest } = output;
  return {
    ...rest,
    run: {
      id,
      state,
      action,
      reasons,
      verdict: verdict ?? undefined,
      candidate: { revision },
      stable: stable ?? undefined,
      target: target ?? undefined,
      outcome: outcome ?? undefined,
    },
    health: health.map(({ at }) => ({ at: new Date(at) })),
  };
}
