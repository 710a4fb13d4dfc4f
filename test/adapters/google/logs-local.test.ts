import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { ask } from '../../local/ask.ts';
import { sampleImage } from './cloud-run-fixture.ts';
import { logsContract } from './logs-contract.ts';
import { openLoggedService } from './logs-fixture.ts';

logsContract(
  'the local cloud',
  async () => {
    const local = await LocalCloud.start({ profile: 'fast', images: { [sampleImage]: webContainer() } });
    const ref = { project: 'local-project', region: 'us-central1', service: 'contract' };
    const opened = await openLoggedService({ endpoint: local.endpoint }, ref);
    return {
      ...opened,
      async request(userAgent) {
        return (await ask(local, ref.service, '/', { 'user-agent': userAgent })).status;
      },
      async logged(count) {
        const ofRevision = `resource.labels.revision_name="${opened.revision}"`;
        await local.logging.readable(`log_id("run.googleapis.com/requests") AND ${ofRevision}`, count);
      },
      async close() {
        await opened.close();
        await local.stop();
      },
    };
  },
  10_000,
);
