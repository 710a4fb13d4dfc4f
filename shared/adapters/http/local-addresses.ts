import { isIP } from 'node:net';
import { hostnameOf, isLocalhost } from '../../contracts/probe-url.ts';

/** What a `.localhost` name resolves to. */
export const localhostAddress = '127.0.0.1';

/** The exact pairs of local address and port that may be asked, although they are not public. */
export class LocalAddresses {
  readonly #pairs: ReadonlySet<string>;

  /**
   * @param pairs such as `127.0.0.1:8123`, `[::1]:8123` or `localhost:8123`
   * @throws {RangeError} when one is not an address and a port
   */
  constructor(pairs: readonly string[]) {
    this.#pairs = new Set(pairs.map(parsePair));
  }

  has(url: URL): boolean {
    const pair = pairOf(url);
    return pair !== undefined && this.#pairs.has(pair);
  }
}

function parsePair(text: string): string {
  const pair = /^[^/@?#]+:\d+$/.test(text) ? pairOf(URL.parse(`http://${text}`)) : undefined;
  if (pair === undefined)
    throw new RangeError(`not a local address and port, such as 127.0.0.1:8123: ${text}`);
  return pair;
}

/** Undefined for a name that needs a resolver: its address may change. */
function pairOf(url: URL | null): string | undefined {
  if (!url) return undefined;
  const hostname = hostnameOf(url);
  const address = isLocalhost(hostname) ? localhostAddress : hostname;
  if (isIP(address) === 0) return undefined;
  return `${address} ${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}
