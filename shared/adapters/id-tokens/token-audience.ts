/**
 * Whether a token for `audience` may be sent to `url`: only to the service itself or to one of its tags, which Cloud
 * Run serves at `TAG---HOST`. Any recipient of a token can use it against its audience until it expires.
 */
export function mayReceiveToken(url: URL, audience: string): boolean {
  const owner = URL.parse(audience);
  if (!owner || owner.protocol !== url.protocol) return false;
  if (url.host === owner.host) return true;
  const suffix = `---${owner.host}`;
  return url.host.endsWith(suffix) && /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(url.host.slice(0, -suffix.length));
}
