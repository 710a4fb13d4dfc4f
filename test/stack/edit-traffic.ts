import { ServicesClient } from '@google-cloud/run';
import { googleClientOptions } from '../../shared/adapters/google/client-options.ts';
import { toGoogleTarget } from '../../shared/adapters/google/service.ts';
import type { TrafficTarget } from '../../shared/domain/service-state.ts';
import type { Stack } from './stack.ts';

/** A person sets the whole traffic of the service by Google's own client. Resolves when Cloud Run has done it. */
export async function editTraffic({ cloud, ref }: Stack, traffic: readonly TrafficTarget[]): Promise<void> {
  const client = new ServicesClient(await googleClientOptions({ endpoint: cloud.endpoint }));
  try {
    const name = `projects/${ref.project}/locations/${ref.region}/services/${ref.service}`;
    const service = { name, traffic: traffic.map(toGoogleTarget) };
    const [operation] = await client.updateService({ service, updateMask: { paths: ['traffic'] } });
    await operation.promise();
    await cloud.reconciled(ref);
  } finally {
    await client.close();
  }
}
