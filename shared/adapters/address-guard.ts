import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { BlockedAddressError } from './blocked-address-error.ts';
import { hostnameOf, isLocalhost, LocalAddresses, localhostAddress } from './local-addresses.ts';
import { whyNotPublic } from './public-address.ts';

export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export type Admission =
  | { readonly kind: 'admitted'; readonly url: URL }
  | { readonly kind: 'blocked'; readonly detail: string };

/**
 * Keeps probes on the public Internet: a URL that somebody wrote must not make the guard, which runs with
 * credentials, ask a metadata server or a neighbour on a private network.
 *
 * Two checks, since neither sees everything. `admit` looks at the URL: an IP literal never reaches a lookup.
 * `lookup` looks at what a name resolves to, as part of connecting: what was checked is what is connected to,
 * and a second answer of the resolver (DNS rebinding) is never asked for.
 */
export class AddressGuard {
  readonly #local: LocalAddresses;
  readonly #resolve: Resolve;

  /** @param allowedLocalAddresses exact pairs, such as `127.0.0.1:8123`; never taken from a config file */
  constructor(allowedLocalAddresses: readonly string[], resolve: Resolve = resolveBySystem) {
    this.#local = new LocalAddresses(allowedLocalAddresses);
    this.#resolve = resolve;
  }

  /** May this URL be asked, as far as its text tells? */
  admit(text: string): Admission {
    const url = URL.parse(text);
    if (!url) return blocked('not a URL');
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return blocked(`${url.protocol} is not a scheme to probe`);
    if (url.username !== '' || url.password !== '') return blocked('a URL must not hold credentials');
    if (this.#local.has(url)) return { kind: 'admitted', url };
    if (url.protocol === 'http:') return blocked('http is for allowed local addresses only; use https');
    if (url.port !== '') return blocked(`port ${url.port} is for allowed local addresses only; use 443`);
    const hostname = hostnameOf(url);
    const why = isIP(hostname) === 0 ? whyNotPublicName(hostname) : whyNotPublic(hostname);
    return why === undefined ? { kind: 'admitted', url } : blocked(why);
  }

  /** For sockets: resolves a name that was admitted, and refuses it if any of its addresses is not public. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolveChecked(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

  async #resolveChecked(hostname: string): Promise<readonly [LookupAddress, ...LookupAddress[]]> {
    // Only admitted with an allowed pair of address and port.
    if (isLocalhost(hostname.replace(/\.$/, ''))) return [{ address: localhostAddress, family: 4 }];
    const [first, ...rest] = await this.#resolve(hostname);
    if (!first) throw new BlockedAddressError(`${hostname} has no address`);
    for (const { address } of [first, ...rest]) {
      const why = whyNotPublic(address);
      if (why !== undefined)
        throw new BlockedAddressError(`${hostname} resolves to a blocked address: ${why}`);
    }
    return [first, ...rest];
  }
}

function blocked(detail: string): Admission {
  return { kind: 'blocked', detail };
}

function whyNotPublicName(hostname: string): string | undefined {
  if (isLocalhost(hostname)) return `${hostname} is this machine, and its port is not an allowed local one`;
  // A search domain of the resolver could make a short name anything, `metadata` first of all.
  if (!hostname.includes('.')) return `${hostname} is not a public name`;
  const isMetadata = hostname === 'metadata.goog' || hostname.endsWith('.internal');
  return isMetadata ? `${hostname} is a name of the platform's own network` : undefined;
}

function resolveBySystem(hostname: string): Promise<readonly LookupAddress[]> {
  return systemLookup(hostname, { all: true });
}
