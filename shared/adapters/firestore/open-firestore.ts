import type { Firestore } from '@google-cloud/firestore';

export interface FirestoreOptions {
  readonly projectId: string;
  /** Default: `(default)`. */
  readonly databaseId?: string | undefined;
  /** `host:port`; the client gives precedence to the variable FIRESTORE_EMULATOR_HOST. */
  readonly emulatorHost?: string | undefined;
  /** Bounds every call, give or take a second, in ms. Default: 8000. */
  readonly timeoutMs?: number | undefined;
}

export const defaultTimeoutMs = 8_000;

/** The client, with those of its classes that the caller needs. */
export interface OpenFirestore {
  readonly database: Firestore;
  readonly sdk: typeof import('@google-cloud/firestore');
}

/** After a long outage the channel would not reconnect for up to two minutes, and refuse every call meanwhile. */
const reconnectSoon = { 'grpc.max_reconnect_backoff_ms': 1_000 };

/** Loads the client at its first use: loading takes a third of a second. */
export async function openFirestore(options: FirestoreOptions): Promise<OpenFirestore> {
  const { default: sdk } = await import('@google-cloud/firestore');
  const { projectId, databaseId, emulatorHost } = options;
  const database = new sdk.Firestore({
    projectId,
    clientConfig: clientConfig(options.timeoutMs ?? defaultTimeoutMs),
    // Over REST, ALREADY_EXISTS and ABORTED are the same status, and the client repeats both.
    preferRest: false,
    ...reconnectSoon,
    ...(databaseId !== undefined && { databaseId }),
    ...(emulatorHost !== undefined && (await emulatorSettings(emulatorHost))),
  });
  return { database, sdk };
}

/** For a commit the timeout limits all attempts together; for a read it limits each of up to five attempts. */
function clientConfig(timeoutMs: number) {
  const method = { timeout_millis: timeoutMs };
  const methods = { Commit: method, BatchGetDocuments: method, RunQuery: method };
  return { interfaces: { 'google.firestore.v1.Firestore': { methods } } };
}

/**
 * Without an auth client of its own, the client would look for Google's metadata server, in vain and with a warning.
 */
async function emulatorSettings(host: string) {
  const { PassThroughClient } = await import('google-auth-library');
  return { host, ssl: false, authClient: new PassThroughClient() };
}
