import { type DocumentRef, documentIn } from '../../../contracts/document.ts';
import {
  type JobReportRecord,
  jobIdOf,
  jobReportIdOf,
  jobReportsOf,
  jobsOf,
} from '../../../contracts/records.ts';
import type { ExecutionName } from '../../../domain/checks/job-ref.ts';
import { describeError, TransientError } from '../../../domain/errors.ts';
import type { ExecutionState } from '../../../ports/jobs.ts';
import { rest } from '../../../ports/rest.ts';
import type { Store } from '../../../ports/store.ts';
import { type JobOrder, lifeOfOrderMs } from './job-order.ts';
import type { JobPorts } from './start-job.ts';

export type JobEnd =
  | { readonly kind: 'report'; readonly report: JobReportRecord }
  /** There is no report; `isLost`: its execution has ended, so another start may come to one. */
  | { readonly kind: 'fault'; readonly detail: string; readonly isLost?: boolean }
  /** Another worker has taken over the shard, and has started a job of its own. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'aborted' };

export interface AwaitPorts extends JobPorts {
  readonly store: Store;
}

/**
 * The pause between two reads of the database: long enough to cost less than one read per test, short enough for short
 * jobs.
 */
const leastWaitMs = 1_000;
const mostWaitMs = 5_000;
/** The pause between two reads of the execution, in case it ends without a report. */
const stateEveryMs = 10_000;

/** Waits for the report of one start of a job, as long as its token is valid. */
export async function awaitReport(
  order: JobOrder,
  started: { readonly nonce: string; readonly execution: ExecutionName | undefined },
  signal: AbortSignal,
  ports: AwaitPorts,
): Promise<JobEnd> {
  const { clock } = ports;
  const lifeMs = lifeOfOrderMs(order);
  const startedMs = clock.monotonicMs();
  let { nonce, execution } = started;
  let stateAtMs = stateEveryMs;
  while (!signal.aborted) {
    const waitedMs = clock.monotonicMs() - startedMs;
    const report = await readReport(order, nonce, ports);
    if (report) return { kind: 'report', report };
    if (waitedMs >= lifeMs)
      return { kind: 'fault', detail: `its job submitted no report within ${Math.round(lifeMs / 1_000)} s` };
    if (waitedMs >= stateAtMs) {
      stateAtMs = waitedMs + stateEveryMs;
      const end = execution && endOf(await stateOf(execution, ports));
      const isOpen = execution !== undefined && end === undefined;
      const newer = isOpen ? undefined : await newerNonce(order, nonce, ports);
      if (newer !== undefined && order.mode === 'run') return { kind: 'overtaken' };
      if (newer !== undefined) {
        // Another dispatcher has started the same listing again: its list is just as good.
        nonce = newer;
        execution = undefined;
      } else if (end !== undefined) {
        // The report may have arrived between the last read and the end of the execution.
        const last = await readReport(order, nonce, ports);
        return last ? { kind: 'report', report: last } : { kind: 'fault', detail: end, isLost: true };
      }
    }
    await rest(Math.min(mostWaitMs, Math.max(leastWaitMs, waitedMs / 4)), signal, clock);
  }
  return { kind: 'aborted' };
}

async function readReport(
  { runId, work }: JobOrder,
  nonce: string,
  ports: AwaitPorts,
): Promise<JobReportRecord | undefined> {
  return await look(documentIn(jobReportsOf(runId), jobReportIdOf(work, nonce)), ports);
}

/** @returns undefined: this start is the newest, as far as is known */
async function newerNonce(
  { runId, work }: JobOrder,
  nonce: string,
  ports: AwaitPorts,
): Promise<string | undefined> {
  const job = await look(documentIn(jobsOf(runId), jobIdOf(work)), ports);
  return job && job.nonce !== nonce ? job.nonce : undefined;
}

/** A report that exists will still exist at the next read. */
async function look<D>(ref: DocumentRef<D>, { store, log }: AwaitPorts): Promise<D | undefined> {
  try {
    return (await store.get(ref))?.data;
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    log.warn({ code: 'job-not-looked-at', id: ref.id }, describeError(error));
    return undefined;
  }
}

/** Undefined: the execution could not be read, which proves nothing. */
async function stateOf(
  execution: ExecutionName,
  { jobs, log }: AwaitPorts,
): Promise<ExecutionState | undefined> {
  try {
    return await jobs.state(execution);
  } catch (error) {
    log.warn({ code: 'job-state-unknown', execution }, describeError(error));
    return undefined;
  }
}

/** How the execution ended; undefined: it has not ended. */
function endOf(state: ExecutionState | undefined): string | undefined {
  switch (state?.kind) {
    case undefined:
    case 'running':
      return undefined;
    case 'succeeded':
      return 'its job ended without a report';
    case 'failed':
      return `its job failed without a report: ${state.reason}`;
    case 'cancelled':
      return 'its job was cancelled without a report';
    case 'gone':
      return 'the execution of its job no longer exists, and there is no report';
    default:
      return state satisfies never;
  }
}
