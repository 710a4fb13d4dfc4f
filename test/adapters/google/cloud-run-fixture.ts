import { ServicesClient } from '@google-cloud/run';
import { type GoogleOptions, googleClientOptions } from '../../../shared/adapters/google/client-options.ts';
import { GoogleCloudRun } from '../../../shared/adapters/google/google-cloud-run.ts';
import type { ServiceRef } from '../../../shared/domain/ids.ts';
import type { CloudRunFixture } from './cloud-run-contract.ts';

/** Google's public sample container. */
export const sampleImage = 'us-docker.pkg.dev/cloudrun/container/hello';

/** A throwaway service, made by Google's own client: on the local cloud and in a real project alike. */
export async function openCloudRunFixture(options: GoogleOptions, ref: ServiceRef): Promise<CloudRunFixture> {
  const client = new ServicesClient(await googleClientOptions(options));
  const run = new GoogleCloudRun(options);
  const parent = `projects/${ref.project}/locations/${ref.region}`;
  const name = `${parent}/services/${ref.service}`;
  const labels = { 'contract-build': 'two' };
  const container = { image: sampleImage };
  const update = async (template: object) => {
    const request = { service: { name, template }, updateMask: { paths: ['template'] } };
    const [operation] = await client.updateService(request);
    await operation.promise();
  };
  const service = { template: { containers: [container] } };
  const [creating] = await client.createService({ parent, serviceId: ref.service, service });
  await creating.promise();
  await update({ containers: [container], labels });
  return {
    run,
    ref,
    labels,
    async deployBroken() {
      const broken = { containers: [{ ...container, command: ['false'] }] };
      await update(broken).then(
        () => Promise.reject(new Error('a container that only fails became ready')),
        () => {},
      );
    },
    async close() {
      const [deleting] = await client.deleteService({ name });
      await deleting.promise();
      await Promise.all([client.close(), run.close()]);
    },
  };
}
