import type { ClientOptions } from 'google-gax';

export interface GoogleEndpoint {
  readonly host: string;
  readonly port: number;
}

export interface GoogleOptions {
  /** A server that speaks gRPC without TLS and asks for no credentials. Absent: Google, with the default credentials. */
  readonly endpoint?: GoogleEndpoint | undefined;
}

/** What the constructor of a Google client is told. */
export async function googleClientOptions({ endpoint }: GoogleOptions): Promise<ClientOptions> {
  if (endpoint === undefined) return {};
  const [{ credentials }, { PassThroughClient }] = await Promise.all([
    import('@grpc/grpc-js'),
    import('google-auth-library'),
  ]);
  return {
    apiEndpoint: endpoint.host,
    // The client takes its default port, 443, over one inside `apiEndpoint`.
    port: endpoint.port,
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient(),
    // Without one, the client would ask the environment, and at last the metadata server.
    projectId: 'local',
  };
}
