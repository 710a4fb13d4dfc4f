import type { IncomingHttpHeaders } from 'node:http';

/** The local stand-in for an ID token: says for which audience it was made, and nothing else. */
export function localToken(audience: string): string {
  return `local:${audience}`;
}

/**
 * Whether the request carries an ID token for one of the audiences. As in Cloud Run, `X-Serverless-Authorization`
 * goes before `Authorization`, which an application may need for itself.
 */
export function hasAccess(headers: IncomingHttpHeaders, audiences: readonly string[]): boolean {
  const header = headers['x-serverless-authorization'] ?? headers.authorization;
  const token = /^bearer (?<token>\S+)$/i.exec(String(header ?? ''))?.groups?.token;
  return audiences.some((audience) => token === localToken(audience));
}
