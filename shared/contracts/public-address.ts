import ipaddr from 'ipaddr.js';

/** The routed part of IPv6; ipaddr.js also calls the unassigned rest `unicast`. */
const routedIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Why a probe must not go to `address`: it is not a public unicast address. Undefined: it is one.
 *
 * @param address IPv4 or IPv6 in any of their spellings, without brackets
 */
export function whyNotPublic(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return `${address} is not an IP address`;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range !== 'unicast') return `${address} is not a public address (${range})`;
  // ::7f00:1 (formerly "IPv4-compatible") reads as unicast and is 127.0.0.1 to some systems.
  const routed = parsed instanceof ipaddr.IPv4 || parsed.match(routedIpv6);
  return routed ? undefined : `${address} is not a public address (not routed)`;
}
