import { PermanentError } from '../../domain/errors.ts';
import { LocalAddresses } from '../http/local-addresses.ts';

/**
 * @param allowedLocalAddresses exact pairs (`127.0.0.1:8123`) that may be asked by http; from the environment only
 * @throws {PermanentError} neither https nor one of them
 */
export function checkApiUrl(apiUrl: string, allowedLocalAddresses: readonly string[]): URL {
  const url = URL.parse(apiUrl);
  if (url && url.username === '' && url.password === '' && url.search === '' && url.hash === '') {
    if (url.protocol === 'https:') return url;
    if (url.protocol === 'http:' && new LocalAddresses(allowedLocalAddresses).has(url)) return url;
  }
  throw new PermanentError(
    'the URL of GitHub must be https, such as https://api.github.com, without user, query or fragment',
  );
}

/**
 * `fetch` for one API: within `timeoutMs`, the body included; never to another origin, whatever a `Link` header says; and
 * not along redirects, since they lead to another repository's issue once it was transferred.
 */
export function guardedFetch(origin: string, timeoutMs: number): typeof fetch {
  return async (input, init) => {
    if (new URL(String(input)).origin !== origin)
      throw new PermanentError('GitHub answered with a link to another host');
    return fetch(input, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
  };
}
