import type { CloudBuildClient } from '@google-cloud/cloudbuild';
import type { Build } from '../../domain/build.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { Builds } from '../../ports/builds.ts';
import type { GoogleOptions } from './client-options.ts';
import { googleClientOptions } from './client-options.ts';
import { readError } from './faults.ts';
import { parseGoogleBuild } from './google-build.ts';
import { LazyClient } from './lazy-client.ts';
import { readGoogle } from './read-google.ts';

/** Cloud Build by Google's own client, over gRPC. */
export class GoogleBuilds implements Builds {
  readonly #client: LazyClient<CloudBuildClient>;

  constructor(options: GoogleOptions = {}) {
    this.#client = new LazyClient(async () => {
      const { CloudBuildClient } = await import('@google-cloud/cloudbuild');
      return new CloudBuildClient(await googleClientOptions(options));
    });
  }

  /** @throws {PermanentError} the name is malformed, or the response could not be read */
  async getBuild(name: string): Promise<Build | undefined> {
    const result = await readGoogle(async (options) => {
      const client = await this.#client.get();
      return await client.getBuild({ name }, options);
    });
    if (result.ok) {
      const build = parseGoogleBuild(result.value[0]);
      if (!build.success)
        throw new PermanentError(`${name}: the response could not be read`, { cause: build.error });
      return build.data;
    }
    const { code } = result.fault;
    if (code === 'NOT_FOUND' || code === 'PERMISSION_DENIED') return undefined;
    throw readError(`GetBuild ${name}`, result.fault);
  }

  /** Releases the sockets. The next call opens them again. */
  async close(): Promise<void> {
    await this.#client.close();
  }
}
