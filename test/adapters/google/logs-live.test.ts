import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import { logsContract } from './logs-contract.ts';
import { openLoggedService } from './logs-fixture.ts';

const project = process.env.DEPLOY_LOOP_GCP_PROJECT;
const region = process.env.DEPLOY_LOOP_GCP_REGION ?? 'us-central1';
/** There is no event for it, and a project has 60 reads a minute. */
const pollMs = 5_000;
const windowMs = 60 * 60_000;

if (project === undefined || project === '') {
  describe.skip('Logs on Google Cloud (skipped without DEPLOY_LOOP_GCP_PROJECT)', () => {
    it('keeps the contract of the port', () => {});
  });
} else {
  logsContract(
    `Google Cloud, project ${project}`,
    async () => {
      const service = `deploy-loop-contract-${randomBytes(4).toString('hex')}`;
      const opened = await openLoggedService({}, { project, region, service });
      const { logs, ref, revision, uri } = opened;
      const found = async () => {
        const from = new Date(Date.now() - windowMs);
        const to = new Date(Date.now() + windowMs);
        return (await logs.listRequests({ ref, revision, from, to })).requests.length;
      };
      return {
        ...opened,
        async request(userAgent) {
          const response = await fetch(uri, { headers: { 'user-agent': userAgent } });
          await response.text();
          return response.status;
        },
        async logged(count) {
          while ((await found()) < count) await setTimeout(pollMs);
        },
      };
    },
    10 * 60_000,
  );
}
