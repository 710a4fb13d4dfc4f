import { RevisionsClient, ServicesClient } from '@google-cloud/run';
import { type GoogleOptions, googleClientOptions } from '../../shared/adapters/google/client-options.ts';
import type { ServiceRef } from '../../shared/domain/ids.ts';

export interface RunClients extends AsyncDisposable {
  readonly services: ServicesClient;
  readonly revisions: RevisionsClient;
}

/** Google's own clients, without any adapter of ours. */
export async function openRunClients(options: GoogleOptions): Promise<RunClients> {
  const clientOptions = await googleClientOptions(options);
  const services = new ServicesClient(clientOptions);
  const revisions = new RevisionsClient(clientOptions);
  return {
    services,
    revisions,
    async [Symbol.asyncDispose]() {
      await Promise.all([services.close(), revisions.close()]);
    },
  };
}

export function nameOf({ project, region, service }: ServiceRef): string {
  return `projects/${project}/locations/${region}/services/${service}`;
}
