import { JobsClient } from '@google-cloud/run';
import { type GoogleOptions, googleClientOptions } from '../../../shared/adapters/google/client-options.ts';
import { GoogleJobs } from '../../../shared/adapters/google/google-jobs.ts';
import { type JobRef, jobNameOf } from '../../../shared/domain/checks/job-ref.ts';
import type { JobsFixture } from './jobs-contract.ts';

/** A throwaway job, made by Google's own client: on the local cloud and in a real project alike. */
export async function openJobsFixture(
  options: GoogleOptions,
  ref: JobRef,
  pause: () => Promise<void>,
): Promise<JobsFixture> {
  const client = new JobsClient(await googleClientOptions(options));
  const jobs = new GoogleJobs(options);
  const container = { image: 'docker.io/library/busybox:1.37', command: ['sh'], args: ['-c', 'exit 7'] };
  const [creating] = await client.createJob({
    parent: `projects/${ref.project}/locations/${ref.region}`,
    jobId: ref.job,
    job: { template: { template: { containers: [container], maxRetries: 0 } } },
  });
  await creating.promise();
  return {
    jobs,
    ref,
    pause,
    async close() {
      const [deleting] = await client.deleteJob({ name: jobNameOf(ref) });
      await deleting.promise();
      await Promise.all([client.close(), jobs.close()]);
    },
  };
}
