import { LoggingServiceV2Client, type protos } from '@google-cloud/logging-api';
import { type GoogleOptions, googleClientOptions } from '../../../shared/adapters/google/client-options.ts';

type Request = protos.google.logging.v2.IListLogEntriesRequest;
type Entry = protos.google.logging.v2.ILogEntry;

export interface LoggingClient extends AsyncDisposable {
  /** One page. @throws {Error} with a gRPC `code` */
  list(request: Request): Promise<{ readonly entries: readonly Entry[]; readonly nextPageToken: string }>;
  /** @throws {Error} with a gRPC `code` */
  write(request: protos.google.logging.v2.IWriteLogEntriesRequest): Promise<void>;
}

/** Google's own client, without any adapter of ours. */
export async function openLoggingClient(options: GoogleOptions): Promise<LoggingClient> {
  const client = new LoggingServiceV2Client(await googleClientOptions(options));
  return {
    async list(request) {
      const call = { autoPaginate: false, retry: null };
      const [entries, , response] = await client.listLogEntries(request, call);
      return { entries, nextPageToken: response.nextPageToken ?? '' };
    },
    async write(request) {
      await client.writeLogEntries(request, { retry: null });
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
