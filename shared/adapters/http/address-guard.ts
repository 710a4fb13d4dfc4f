import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isLocalhost, whyNotProbed, whyNotPublicUrl } from '../../contracts/probe-url.ts';
import { whyNotPublic } from '../../contracts/public-address.ts';
import { LocalAddresses, localhostAddress } from './local-addresses.ts';

export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export type Admission =
  | { readonly kind: 'admitted'; readonly url: URL }
  | { readonly kind: 'blocked'; readonly detail: string };

/**
 * Keeps probes on the public Internet: the guard runs with credentials, and a URL from a config must not make it call a
 * metadata server or a neighbour on a private network.
 *
 * Two checks, since neither is sufficient alone. `admit` checks the URL: an IP literal never reaches a lookup. `lookup`
 * checks the addresses of a name as part of connecting: the checked address is the one that is connected to, and the
 * resolver is never asked again (DNS rebinding).
 */
export class AddressGuard {
  readonly #local: LocalAddresses;
  readonly #resolve: Resolve;

  /** @param allowedLocalAddresses exact pairs, such as `127.0.0.1:8123`; never taken from a config file */
  constructor(allowedLocalAddresses: readonly string[], resolve: Resolve = resolveBySystem) {
    this.#local = new LocalAddresses(allowedLocalAddresses);
    this.#resolve = resolve;
  }

  /** Whether this URL may be probed, as far as its text shows. */
  admit(text: string): Admission {
    const url = URL.parse(text);
    if (!url) return blocked('not a URL');
    const never = whyNotProbed(url);
    if (never !== undefined) return blocked(never);
    if (this.#local.has(url)) return { kind: 'admitted', url };
    const why = whyNotPublicUrl(url);
    return why === undefined ? { kind: 'admitted', url } : blocked(why);
  }

  /** For sockets: resolves an admitted name, and refuses it if any of its addresses is not public. */
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
    // Admitted only with an allowed pair of address and port.
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

function resolveBySystem(hostname: string): Promise<readonly LookupAddress[]> {
  return systemLookup(hostname, { all: true });
}

/** A name resolved to an address that a probe must not go to; nothing was sent. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
  readonly code = 'ERR_BLOCKED_ADDRESS';
}
