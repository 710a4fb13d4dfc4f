import type { LocalBuild } from '../../infra/local/cloud-build/local-build.ts';
import type { BuildOptions } from '../../infra/local/cloud-build/local-builds.ts';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import type { Container } from '../../infra/local/process/container.ts';
import type { RevisionName } from '../../shared/domain/ids.ts';
import type { DeployOptions, Stack } from './stack.ts';

export interface DeployedAfterGood {
  /** Serves before, verified by `apply`. */
  readonly stable: RevisionName;
  readonly candidate: RevisionName;
  readonly build: LocalBuild;
}

/** A revision that `apply` has verified, then a build that deploys `container`: the start of most stories. */
export async function deployAfterGood(
  stack: Stack,
  container: Container,
  options: DeployOptions & BuildOptions = {},
  good = webContainer(),
): Promise<DeployedAfterGood> {
  const { revision: stable } = await stack.deploy(good);
  await stack.apply();
  const { build, deployments } = await stack.build(container, options);
  const [deployment] = deployments;
  if (!deployment) throw new Error('the build deployed nothing');
  return { stable, candidate: deployment.revision, build };
}
