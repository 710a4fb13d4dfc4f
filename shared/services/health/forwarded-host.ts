/**
 * Cloud Run routes by the header `Host`, so another name for the application goes into `X-Forwarded-Host`.
 * @param url the service's own, or that of a tag
 * @param uri the service's own
 * @param host `health.host`
 */
export function forwardedHost(
  url: string,
  uri: string,
  host: string | undefined,
): Readonly<Record<string, string>> {
  return host === undefined || url === uri ? {} : { 'x-forwarded-host': host };
}
