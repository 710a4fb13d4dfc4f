import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { cloudRunContract } from './cloud-run-contract.ts';
import { openCloudRunFixture, sampleImage } from './cloud-run-fixture.ts';

cloudRunContract(
  'the local cloud',
  async () => {
    const local = await LocalCloud.start({ profile: 'fast', images: { [sampleImage]: webContainer() } });
    const ref = { project: 'local-project', region: 'us-central1', service: 'contract' };
    const fixture = await openCloudRunFixture({ endpoint: local.endpoint }, ref);
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
