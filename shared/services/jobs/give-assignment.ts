import { renderJobAssignment } from '../../contracts/suites/job-api.ts';
import type { AdmittedJob } from './admit-job.ts';
import type { CollectPorts } from './collect-ports.ts';
import { storeJobReport } from './store-job-report.ts';

const lineBreak = /[\r\n\0]/;

/**
 * The assignment of a job, with secrets and an ID token filled in; these are stored nowhere else. A permanent fault is
 * stored as the job's report, and the job need not run.
 * @returns the assignment's text; `later`: secrets are temporarily unavailable; `over`: there is nothing to do
 */
export async function giveAssignment(
  admitted: AdmittedJob,
  ports: CollectPorts,
): Promise<{ readonly text: string } | 'later' | 'over'> {
  const { mode, command, ids, timeoutMs, target, attempt } = admitted.job.data;
  const place = { target: { ...target, runId: admitted.runId }, attempt };
  const prepared = await ports.environments.prepare(admitted.job.data, place);
  if (prepared.kind === 'fault')
    return prepared.retryable ? 'later' : await giveUp(admitted, prepared.detail, ports);
  const { env } = prepared;
  const several = Object.keys(env).filter((name) => lineBreak.test(env[name] ?? ''));
  if (several.length > 0)
    return giveUp(
      admitted,
      `variables with line breaks cannot be passed to a job: ${several.join(', ')}`,
      ports,
    );
  const timeoutS = Math.max(1, Math.ceil(timeoutMs / 1_000));
  return { text: renderJobAssignment({ mode, command, env: { ...env }, tests: [...ids], timeoutS }) };
}

async function giveUp(admitted: AdmittedJob, fault: string, { store, clock }: CollectPorts): Promise<'over'> {
  const { revision } = admitted.job.data.target;
  await storeJobReport(admitted, { revision, fault, results: [], at: clock.now() }, store);
  return 'over';
}
