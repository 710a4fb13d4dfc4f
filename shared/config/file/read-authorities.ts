import { X509Certificate } from 'node:crypto';
import { maxAuthoritiesLength } from '../../contracts/reach/further-urls.ts';

/** Reads a file that a config names. @throws {Error} it cannot; the message says why, and names the file */
export type ReadNamedFile = (path: string) => string;

const pemBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM file, and nothing else that it may hold: a private key must not get into the records.
 * @returns PEM, one certificate after the other
 * @throws {Error} there is none, one is unreadable, or they are too many; the message names the file
 */
export function readAuthorities(file: string, readFile: ReadNamedFile): string {
  const text = readFile(file);
  const blocks = text.match(pemBlock) ?? [];
  if (blocks.length === 0 || blocks.length !== text.split('-----BEGIN CERTIFICATE-----').length - 1)
    throw new Error(`${file} has no PEM certificate, or one that is cut off`);
  const pem = blocks.map((block, n) => readCertificate(block, `${file}, PEM block ${n + 1},`)).join('');
  if (pem.length <= maxAuthoritiesLength) return pem;
  const limit = `more than ${maxAuthoritiesLength}: keep only the authorities of the service's urls`;
  throw new Error(`${file} has ${pem.length} characters of certificates, ${limit}`);
}

function readCertificate(block: string, place: string): string {
  try {
    return new X509Certificate(block).toString();
  } catch {
    throw new Error(`${place} is no X.509 certificate`);
  }
}
