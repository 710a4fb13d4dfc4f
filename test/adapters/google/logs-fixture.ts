import { ServicesClient } from '@google-cloud/run';
import { type GoogleOptions, googleClientOptions } from '../../../shared/adapters/google/client-options.ts';
import { GoogleCloudRun } from '../../../shared/adapters/google/google-cloud-run.ts';
import { GoogleLogs } from '../../../shared/adapters/google/google-logs.ts';
import type { RevisionName, ServiceRef } from '../../../shared/domain/ids.ts';
import { sampleImage } from './cloud-run-fixture.ts';
import type { LogsFixture } from './logs-contract.ts';

/** A throwaway service that everybody may call, and its log. */
export interface LoggedService extends Omit<LogsFixture, 'request' | 'logged'> {
  readonly uri: string;
}

/** Made by Google's own client: on the local cloud and in a real project alike. */
export async function openLoggedService(options: GoogleOptions, ref: ServiceRef): Promise<LoggedService> {
  const client = new ServicesClient(await googleClientOptions(options));
  const logs = new GoogleLogs(options);
  const parent = `projects/${ref.project}/locations/${ref.region}`;
  // An ID token would need a service account; a policy of the organisation may refuse this instead.
  const service = { template: { containers: [{ image: sampleImage }] }, invokerIamDisabled: true };
  const [creating] = await client.createService({ parent, serviceId: ref.service, service });
  await creating.promise();
  const { uri, revision } = await readService(options, ref);
  return {
    logs,
    ref,
    revision,
    uri,
    async close() {
      const [deleting] = await client.deleteService({ name: `${parent}/services/${ref.service}` });
      await deleting.promise();
      await Promise.all([client.close(), logs.close()]);
    },
  };
}

async function readService(
  options: GoogleOptions,
  ref: ServiceRef,
): Promise<{ uri: string; revision: RevisionName }> {
  const run = new GoogleCloudRun(options);
  const service = await run.getService(ref);
  await run.close();
  if (service?.latestReadyRevision === undefined) throw new Error('a ready service expected');
  return { uri: service.uri, revision: service.latestReadyRevision };
}
