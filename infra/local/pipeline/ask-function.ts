import { request } from 'undici';

export interface FunctionRequest {
  /** Default GET. */
  readonly method?: 'GET' | 'POST';
  /** Path and query. Default `/`. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FunctionAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/**
 * Calls a function by address and Host header: not every resolver knows names below localhost.
 * @param url of the function, without a path
 */
export async function askFunction(
  url: string,
  { method = 'GET', path = '/', headers = {}, body }: FunctionRequest,
): Promise<FunctionAnswer> {
  const { host, port } = new URL(url);
  const answer = await request(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...headers, host },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}
