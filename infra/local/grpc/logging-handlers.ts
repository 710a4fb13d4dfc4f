import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import type { FaultScripts } from '../faults.ts';
import { parseFilter } from '../logging/filter/parse-filter.ts';
import type { LocalLogging } from '../logging/local-logging.ts';
import { recordToProto } from '../logging/log-record.ts';
import { pageOfRecords } from '../logging/page-of-records.ts';
import { readLogRecords, WriteRequest } from '../logging/read-log-records.ts';
import type { ReadQuota } from '../logging/read-quota.ts';
import { invalidArgument } from '../rpc-error.ts';
import { unary } from './unary.ts';

const ListRequest = z.object({
  resourceNames: z.array(z.string()),
  filter: z.string(),
  orderBy: z.string(),
  pageSize: z.number(),
  pageToken: z.string(),
});

const defaultPageSize = 50;
const maxPageSize = 1_000;

export interface LoggingApi {
  readonly logging: LocalLogging;
  readonly quota: ReadQuota;
  readonly faults: FaultScripts;
}

/** google.logging.v2.LoggingServiceV2, as far as entries are written and read. */
export function loggingHandlers({ logging, quota, faults }: LoggingApi): UntypedServiceImplementation {
  return {
    listLogEntries: unary('ListLogEntries', faults, ListRequest, (request) => {
      const { resourceNames, filter, orderBy, pageSize, pageToken } = request;
      const projects = resourceNames.map(projectOf);
      if (projects.length === 0) throw invalidArgument('resource_names: none given');
      if (pageSize < 0 || pageSize > maxPageSize)
        throw invalidArgument(`page_size: ${pageSize} is not from 0 to ${maxPageSize}`);
      const order = orderOf(orderBy);
      const meant = parseFilter(filter);
      for (const project of projects) quota.take(project);
      const page = pageOfRecords(logging.list(projects, meant), {
        order,
        size: pageSize || defaultPageSize,
        token: pageToken,
        of: JSON.stringify([resourceNames, filter, order]),
      });
      return { entries: page.items.map(recordToProto), nextPageToken: page.nextPageToken };
    }),
    writeLogEntries: unary('WriteLogEntries', faults, WriteRequest, (request) => {
      const records = readLogRecords(request, new Date());
      if (!request.dryRun) for (const record of records) logging.write(record);
      return {};
    }),
  };
}

function projectOf(resourceName: string): string {
  const { project } = /^projects\/(?<project>[^/]+)$/.exec(resourceName)?.groups ?? {};
  if (project === undefined) throw invalidArgument(`resource_names: '${resourceName}' is not a project`);
  return project;
}

function orderOf(orderBy: string): 'asc' | 'desc' {
  if (orderBy === 'timestamp desc') return 'desc';
  if (orderBy === '' || orderBy === 'timestamp asc') return 'asc';
  throw invalidArgument(`order_by: '${orderBy}' is neither 'timestamp asc' nor 'timestamp desc'`);
}
