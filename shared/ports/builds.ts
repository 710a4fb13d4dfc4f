import type { Build } from '../domain/build.ts';

export interface Builds {
  /**
   * @param name `projects/{p}/locations/{region}/builds/{id}`: the regional name; the global one finds global builds only
   * @returns undefined when there is no such build, or we may not see it
   * @throws {TransientError} Cloud Build did not answer
   */
  getBuild(name: string): Promise<Build | undefined>;
}
