import { get, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One GET through the front proxy; the name is put into the Host header, since `*.localhost` may not resolve.
 * @param label `SERVICE` or `TAG---SERVICE`
 */
export function ask(
  { httpPort }: { readonly httpPort: number },
  label: string,
  path = '/health',
  headers: OutgoingHttpHeaders = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const host = `${label}.localhost:${httpPort}`;
    const request = get(
      { host: '127.0.0.1', port: httpPort, path, headers: { ...headers, host } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    request.on('error', reject);
  });
}

/** The VERSION of the revision that answered. */
export async function versionOf(
  local: { readonly httpPort: number },
  label: string,
): Promise<string | undefined> {
  const { status, body } = await ask(local, label, '/');
  const { version } = status === 200 ? JSON.parse(body) : { version: undefined };
  return typeof version === 'string' ? version : undefined;
}
