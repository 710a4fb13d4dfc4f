import { request } from 'undici';
import { isLocalhost } from '../../contracts/probe-url.ts';

/** Where the local cloud tells the URL of a host by address and port: `http://127.0.0.1:PORT/loopback-url/HOST`. */
export const loopbackPath = '/loopback-url/';
const timeoutMs = 5_000;

/**
 * A URL of the local cloud that every program can resolve: curl and browsers know names below `localhost`, most other
 * programs do not.
 * @returns the URL itself if it needs no other, or if the local cloud knows none
 */
export async function loopbackUrl(text: string): Promise<string> {
  const url = URL.parse(text);
  if (!url || !isLocalhost(url.hostname)) return text;
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${url.port}${loopbackPath}${url.hostname}`, {
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const answer = await body.text();
    return statusCode === 200 ? text.replace(url.origin, answer) : text;
  } catch {
    return text;
  }
}
