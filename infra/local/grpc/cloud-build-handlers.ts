import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import { buildToProto } from '../cloud-build/local-build.ts';
import type { LocalBuilds } from '../cloud-build/local-builds.ts';
import type { FaultScripts } from '../faults.ts';
import type { Home } from '../resource-names.ts';
import { notFound } from '../rpc-error.ts';
import { unary } from './unary.ts';

const GetRequest = z.object({ name: z.string() });
const buildPattern = /^projects\/(?<project>[^/]+)\/locations\/(?<region>[^/]+)\/builds\/(?<id>[^/]+)$/;

export interface BuildApi {
  readonly builds: LocalBuilds;
  readonly faults: FaultScripts;
  readonly home: Home;
}

/** google.devtools.cloudbuild.v1.CloudBuild. A build is found by its regional name only, as in Cloud Build. */
export function cloudBuildHandlers({ builds, faults, home }: BuildApi): UntypedServiceImplementation {
  return {
    getBuild: unary('GetBuild', faults, GetRequest, ({ name }) => {
      const { project = '', region, id = '' } = buildPattern.exec(name)?.groups ?? {};
      const here = [home.project, home.projectNumber].includes(project) && region === home.region;
      const build = here ? builds.find(id) : undefined;
      if (build === undefined) throw notFound(name);
      return buildToProto(build);
    }),
  };
}
