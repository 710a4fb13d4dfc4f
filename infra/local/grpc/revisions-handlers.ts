import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import { parseRevisionName, parseServiceName } from '../resource-names.ts';
import { invalidArgument, notFound } from '../rpc-error.ts';
import type { LocalRevision } from '../run/local-revision.ts';
import { pageOf } from './page.ts';
import type { RunApi } from './services-handlers.ts';
import { unary } from './unary.ts';

const NameRequest = z.object({ name: z.string() });
const ListRequest = z.object({ parent: z.string(), pageSize: z.number(), pageToken: z.string() });

/** google.cloud.run.v2.Revisions */
export function revisionsHandlers({ registry, codec, faults }: RunApi): UntypedServiceImplementation {
  const parse = (name: string) => {
    const parsed = parseRevisionName(name);
    if (parsed === undefined) throw invalidArgument(`name: '${name}' is not a revision`);
    return parsed;
  };
  return {
    getRevision: unary('GetRevision', faults, NameRequest, ({ name }) => {
      const { ref, revision } = parse(name);
      const found = registry.find(ref)?.revisions.find(revision);
      if (found === undefined) throw notFound(name);
      return found.render();
    }),
    listRevisions: unary('ListRevisions', faults, ListRequest, ({ parent, pageSize, pageToken }) => {
      const ref = parseServiceName(parent);
      if (ref === undefined) throw invalidArgument(`parent: '${parent}' is not a service`);
      const services = ref.service === '-' ? registry.in(ref) : [registry.find(ref)];
      const all = services.flatMap((service) => service?.revisions.newestFirst() ?? []).sort(byAge);
      const { items, nextPageToken } = pageOf(all, pageSize, pageToken);
      return { revisions: items.map((revision) => revision.render()), nextPageToken };
    }),
    deleteRevision: unary('DeleteRevision', faults, NameRequest, async ({ name }) => {
      const { ref, revision } = parse(name);
      const service = registry.find(ref);
      if (service?.revisions.find(revision) === undefined) throw notFound(name);
      const operation = service.beginDelete();
      await service.revisions.delete(revision);
      operation.finish();
      return operation.toProto(codec);
    }),
  };
}

/** Newest first. */
function byAge(a: LocalRevision, b: LocalRevision): number {
  return b.createTime.getTime() - a.createTime.getTime();
}
