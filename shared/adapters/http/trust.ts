import { getCACertificates } from 'node:tls';

/**
 * Options of a TLS connection that trusts these authorities besides the usual ones: a list given to Node.js replaces its
 * own.
 * @param ca PEM; absent: the usual ones alone
 */
export function trustOf(ca: string | undefined): { ca?: string[] } {
  return ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
}
