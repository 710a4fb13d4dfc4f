import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { JobOverrides } from '../../../shared/ports/jobs.ts';
import { FakeJobs } from './fake-jobs.ts';
import { jobsContract } from './jobs-contract.ts';

const ref = { project: 'fake-project', region: 'us-central1', job: 'contract' };

/** The contract's program, told in another language. */
async function play({ args, env }: JobOverrides, signal: AbortSignal): Promise<number> {
  if (args === undefined) return 7;
  if (env?.MODE !== 'hang') return env?.MODE === 'succeed' ? 0 : 3;
  await once(signal, 'abort');
  return 143;
}

jobsContract(
  'the fake of the tests',
  async () => ({
    jobs: new FakeJobs([[ref, play]]),
    ref,
    pause: () => setImmediate(undefined),
    close: async () => {},
  }),
  10_000,
);
