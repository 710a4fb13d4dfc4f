import { randomBytes } from 'node:crypto';
import { describe, it } from '@jest/globals';
import { cloudRunContract } from './cloud-run-contract.ts';
import { openCloudRunFixture } from './cloud-run-fixture.ts';

const project = process.env.DEPLOY_LOOP_GCP_PROJECT;
const region = process.env.DEPLOY_LOOP_GCP_REGION ?? 'us-central1';

if (project === undefined || project === '') {
  describe.skip('CloudRun on Google Cloud (skipped without DEPLOY_LOOP_GCP_PROJECT)', () => {
    it('keeps the contract of the port', () => {});
  });
} else {
  cloudRunContract(
    `Google Cloud, project ${project}`,
    () =>
      openCloudRunFixture(
        {},
        { project, region, service: `deploy-loop-contract-${randomBytes(4).toString('hex')}` },
      ),
    10 * 60_000,
  );
}
