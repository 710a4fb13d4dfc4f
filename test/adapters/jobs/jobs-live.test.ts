import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import { jobsContract } from './jobs-contract.ts';
import { openJobsFixture } from './jobs-fixture.ts';

const project = process.env.DEPLOY_LOOP_GCP_PROJECT;
const region = process.env.DEPLOY_LOOP_GCP_REGION ?? 'us-central1';

if (project === undefined || project === '') {
  describe.skip('Jobs on Google Cloud (skipped without DEPLOY_LOOP_GCP_PROJECT)', () => {
    it('keeps the contract of the port', () => {});
  });
} else {
  const job = `deploy-loop-contract-${randomBytes(4).toString('hex')}`;
  jobsContract(
    `Google Cloud, project ${project}`,
    () => openJobsFixture({}, { project, region, job }, () => setTimeout(2_000)),
    10 * 60_000,
  );
}
