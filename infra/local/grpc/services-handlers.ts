import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import type { ServiceRef } from '../../../shared/domain/ids.ts';
import type { FaultScripts } from '../faults.ts';
import { parseLocationName, parseServiceName } from '../resource-names.ts';
import { invalidArgument } from '../rpc-error.ts';
import { applyUpdateMask } from '../run/apply-update-mask.ts';
import type { ServiceCodec } from '../run/service-codec.ts';
import type { ServiceRegistry } from '../run/service-registry.ts';
import { pageOf } from './page.ts';
import { unary } from './unary.ts';

const Service = z.looseObject({ name: z.string(), etag: z.string() });
const CreateRequest = z.object({
  parent: z.string(),
  serviceId: z.string(),
  service: z.looseObject({}),
  validateOnly: z.boolean(),
});
const NameRequest = z.object({ name: z.string() });
const DeleteRequest = z.object({ name: z.string(), etag: z.string() });
const ListRequest = z.object({ parent: z.string(), pageSize: z.number(), pageToken: z.string() });
const UpdateRequest = z.object({
  service: Service,
  updateMask: z.object({ paths: z.array(z.string()) }).nullish(),
  validateOnly: z.boolean(),
});

export interface RunApi {
  readonly registry: ServiceRegistry;
  readonly codec: ServiceCodec;
  readonly faults: FaultScripts;
  /** Who calls the API, as e-mail: the local server knows no credentials. */
  readonly caller: string;
}

/** google.cloud.run.v2.Services */
export function servicesHandlers({ registry, codec, faults, caller }: RunApi): UntypedServiceImplementation {
  return {
    createService: unary(
      'CreateService',
      faults,
      CreateRequest,
      ({ parent, serviceId, service, validateOnly }) => {
        const location = parseLocationName(parent);
        if (location === undefined) throw invalidArgument(`parent: '${parent}' is not a location`);
        const ref = { ...location, service: serviceId };
        const { operation } = registry.create(ref, codec.parse(service), { by: caller, validateOnly });
        return operation.toProto(codec);
      },
    ),
    getService: unary('GetService', faults, NameRequest, ({ name }) => registry.get(refOf(name)).render()),
    listServices: unary('ListServices', faults, ListRequest, ({ parent, pageSize, pageToken }) => {
      const location = parseLocationName(parent);
      if (location === undefined) throw invalidArgument(`parent: '${parent}' is not a location`);
      const { items, nextPageToken } = pageOf(registry.in(location), pageSize, pageToken);
      return { services: items.map((service) => service.render()), nextPageToken };
    }),
    updateService: unary('UpdateService', faults, UpdateRequest, (request, { staleEtag, neverEnds }) => {
      const service = registry.get(refOf(request.service.name));
      if (staleEtag) service.touch();
      const incoming = codec.parse(request.service);
      const next = applyUpdateMask(service.spec ?? incoming, incoming, request.updateMask?.paths ?? []);
      const { etag } = request.service;
      const { validateOnly } = request;
      const { operation } = service.write(next, { etag, by: caller, validateOnly, neverEnds });
      return operation.toProto(codec);
    }),
    deleteService: unary('DeleteService', faults, DeleteRequest, async ({ name }) => {
      const service = registry.get(refOf(name));
      const operation = service.beginDelete();
      await registry.delete(service.ref);
      operation.finish();
      return operation.toProto(codec);
    }),
  };
}

function refOf(name: string): ServiceRef {
  const ref = parseServiceName(name);
  if (ref === undefined) throw invalidArgument(`name: '${name}' is not a service`);
  return ref;
}
