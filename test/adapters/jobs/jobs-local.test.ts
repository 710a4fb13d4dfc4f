import { setImmediate } from 'node:timers/promises';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { jobsContract } from './jobs-contract.ts';
import { openJobsFixture } from './jobs-fixture.ts';

jobsContract(
  'the local cloud',
  async () => {
    const local = await LocalCloud.start({ profile: 'fast' });
    const ref = { project: 'local-project', region: 'us-central1', job: 'contract' };
    const fixture = await openJobsFixture({ endpoint: local.endpoint }, ref, () => setImmediate(undefined));
    return {
      ...fixture,
      async close() {
        await fixture.close();
        await local.stop();
      },
    };
  },
  10_000,
);
