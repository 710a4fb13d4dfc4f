import { documentIn } from '../../contracts/document.ts';
import { jobIdOf, jobsOf } from '../../contracts/records.ts';
import { renderJobAssignment } from '../../contracts/suites/job-api.ts';
import { drawJobSecret, mintJobToken } from '../../domain/checks/job-token.ts';
import { update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import type { AdmittedJob, RefusalStatus } from './admit-job.ts';
import type { CollectPorts } from './collect-ports.ts';
import { storeJobReport } from './store-job-report.ts';

const lineBreak = /[\r\n\0]/;

/**
 * Gives out the assignment of a job once, with secrets, an ID token and the token for the report; these are stored
 * nowhere else. Whoever lost the answer gets no second one: the work needs another start. A permanent fault is stored
 * as the job's report, and the job need not run.
 * @returns the assignment's text; `later`: secrets are temporarily unavailable; `over`: there is nothing to do; else
 * why it was not given out
 */
export async function giveAssignment(
  admitted: AdmittedJob,
  ports: CollectPorts,
): Promise<{ readonly text: string } | 'later' | 'over' | RefusalStatus> {
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
  const token = await spend(admitted, ports);
  if (typeof token === 'number') return token;
  return { text: renderJobAssignment({ mode, command, env: { ...env }, token, tests: [...ids], timeoutS }) };
}

/** Turns the token for the work into one for the report, in one write: of several requests at once, one succeeds. */
async function spend(
  { runId, work, job }: AdmittedJob,
  { store, random }: CollectPorts,
): Promise<string | RefusalStatus> {
  const { nonce, membership, expiresAt } = job.data;
  const binding = { runId, work, nonce, membership, expiresAtS: expiresAt.getTime() / 1_000 };
  const { text, hash } = mintJobToken(
    'report',
    binding,
    drawJobSecret(() => random.nonce()),
  );
  const ref = documentIn(jobsOf(runId), jobIdOf(work));
  if (await tryCommit(store, [update(ref, job, { given: { nonce, hash } })])) return text;
  const now = (await store.get(ref))?.data;
  // A repeated attempt of the client finds its own success.
  if (now?.given?.hash === hash) return text;
  return now?.nonce === nonce ? 409 : 403;
}

async function giveUp(admitted: AdmittedJob, fault: string, { store, clock }: CollectPorts): Promise<'over'> {
  const { revision } = admitted.job.data.target;
  await storeJobReport(admitted, { revision, fault, results: [], at: clock.now() }, store);
  return 'over';
}
