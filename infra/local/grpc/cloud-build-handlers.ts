import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import { buildToProto } from '../build/local-build.ts';
import type { LocalBuilds } from '../build/local-builds.ts';
import type { FaultScripts } from '../faults.ts';
import { notFound } from '../rpc-error.ts';
import { unary } from './unary.ts';

const GetRequest = z.object({ name: z.string() });
const buildPattern = /^projects\/(?<project>[^/]+)\/locations\/(?<region>[^/]+)\/builds\/(?<id>[^/]+)$/;

export interface BuildApi {
  readonly builds: LocalBuilds;
  readonly faults: FaultScripts;
  readonly projects: readonly string[];
  readonly region: string;
}

/** google.devtools.cloudbuild.v1.CloudBuild. A build is found by its regional name only, as in Cloud Build. */
export function cloudBuildHandlers({
  builds,
  faults,
  projects,
  region,
}: BuildApi): UntypedServiceImplementation {
  return {
    getBuild: unary('GetBuild', faults, GetRequest, ({ name }) => {
      const named = buildPattern.exec(name)?.groups ?? {};
      const here = projects.includes(named.project ?? '') && named.region === region;
      const build = here ? builds.find(named.id ?? '') : undefined;
      if (build === undefined) throw notFound(name);
      return buildToProto(build);
    }),
  };
}
