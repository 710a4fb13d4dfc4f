import ipaddr from 'ipaddr.js';
import { whyNotPublic } from './public-address.ts';

/** RFC 6761 §6.3: these names mean this machine, even if the system's resolver does not know them. */
export function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** The host of a URL in its one spelling: no brackets around IPv6, no dot at the end of a name. */
export function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Why a URL may never be probed, whatever its host resolves to. Undefined: its text contains no reason. */
export function whyNotProbed(url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `the scheme ${url.protocol} is not allowed`;
  if (url.username !== '' || url.password !== '') return 'a URL must not contain credentials';
  return undefined;
}

/** Why a URL does not lead to the public Internet over https, as far as its text shows. */
export function whyNotPublicUrl(url: URL): string | undefined {
  const never = whyNotProbed(url);
  if (never !== undefined) return never;
  if (url.protocol === 'http:') return 'http is for allowed local addresses only; use https';
  if (url.port !== '') return `port ${url.port} is for allowed local addresses only; use 443`;
  const hostname = hostnameOf(url);
  return ipaddr.isValid(hostname) ? whyNotPublic(hostname) : whyNotPublicName(hostname);
}

function whyNotPublicName(hostname: string): string | undefined {
  if (isLocalhost(hostname)) return `${hostname} is this machine, and the port is not allowed`;
  // A search domain of the resolver could turn a short name into anything, such as `metadata`.
  if (!hostname.includes('.')) return `${hostname} is not a public name`;
  const isMetadata = hostname === 'metadata.goog' || hostname.endsWith('.internal');
  return isMetadata ? `${hostname} is in the platform's own network` : undefined;
}
