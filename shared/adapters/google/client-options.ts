import type { ClientOptions } from 'google-gax';

export interface GoogleEndpoint {
  readonly host: string;
  readonly port: number;
}

export interface GoogleOptions {
  /** A server that speaks gRPC without TLS and asks for no credentials. Absent: Google, with the default credentials. */
  readonly endpoint?: GoogleEndpoint | undefined;
}

/** The options of a Google client's constructor. */
export async function googleClientOptions({ endpoint }: GoogleOptions): Promise<ClientOptions> {
  if (endpoint === undefined) return {};
  const [{ credentials }, { PassThroughClient }] = await Promise.all([
    import('@grpc/grpc-js'),
    import('google-auth-library'),
  ]);
  return {
    apiEndpoint: endpoint.host,
    // The client prefers its default port, 443, to one inside `apiEndpoint`.
    port: endpoint.port,
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient(),
    // Without it, the client would search the environment, and finally ask the metadata server.
    projectId: 'local',
  };
}
