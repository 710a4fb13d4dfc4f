/**
 * Tells an application by which of its hosts it is asked. Cloud Run routes by `Host`, so that stays the URL's own.
 * @param host absent: the URL's own host is one that it accepts
 */
export function forwardedHost(host: string | undefined): Readonly<Record<string, string>> {
  return host === undefined ? {} : { 'x-forwarded-host': host };
}
