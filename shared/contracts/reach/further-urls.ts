import { z } from 'zod';
import { hostnameOf, isLocalhost, whyNotProbed, whyNotPublicUrl } from '../probe-url.ts';

/** The local stack's names pass here and are refused at the probe, unless the environment allows them. */
const UrlSchema = z.url('not a URL').superRefine((text, context) => {
  const url = URL.parse(text);
  if (!url) return;
  const why = isLocalhost(hostnameOf(url)) ? whyNotProbed(url) : whyNotPublicUrl(url);
  if (why !== undefined) context.addIssue({ code: 'custom', message: why });
});

/** Of IAP alone: a token for a service of Cloud Run opens that service, and must not be sent to another host. */
const IapAudienceSchema = z
  .string()
  .max(200)
  .regex(
    /^[\w-]+\.apps\.googleusercontent\.com$/,
    'write the OAuth client id of IAP, which ends in .apps.googleusercontent.com',
  );

/** A further URL of a service, alone or with the OAuth client of the Identity-Aware Proxy in front of it. */
export const FurtherUrlSchema = z.union(
  [
    UrlSchema,
    z.strictObject({
      url: UrlSchema.refine((url) => url.startsWith('https:'), 'an ID token is sent by https only'),
      iapAudience: IapAudienceSchema,
    }),
  ],
  'write a URL, or a map of url and iapAudience',
);

/** Far more than a chain of authorities has; each service of a stored config holds its own. */
export const maxAuthoritiesLength = 16 * 1024;

/** As it is stored: functions have no files. */
export const TlsSchema = z.strictObject({
  /** PEM: authorities that the service's further URLs are trusted by, besides the public ones. */
  ca: z.string().max(maxAuthoritiesLength),
});

/** As people write it. */
export const TlsFileSchema = z.strictObject({
  /** Relative to the config file. */
  caFile: z.string().min(1, 'write the path of a PEM file'),
});

/** A further URL, with what it takes to ask it. */
export interface FurtherUrl {
  readonly url: string;
  /** The audience of an ID token for this URL's host, and for nobody else. */
  readonly iapAudience?: string | undefined;
  /** PEM: authorities to trust besides the public ones. */
  readonly ca?: string | undefined;
}

/** False: the service is reachable by its further URLs alone, so that none leads to a revision without all traffic. */
export function hasTagUrls({ health }: { readonly health: { readonly via: 'revision' | 'urls' } }): boolean {
  return health.via === 'revision';
}

/** How users alone get to a service: by the host of its first further URL. Undefined: its own hosts do as well. */
export function usersWay(
  config: FurtherUrlSettings & Parameters<typeof hasTagUrls>[0],
): (FurtherUrl & { readonly authenticate: 'never' }) | undefined {
  const [first] = hasTagUrls(config) ? [] : furtherUrlsOf(config);
  // An ID token for the service is never sent to a host that does not belong to it.
  return first && { ...first, url: new URL(first.url).origin, authenticate: 'never' };
}

interface FurtherUrlSettings {
  readonly urls: readonly z.infer<typeof FurtherUrlSchema>[];
  readonly tls?: z.infer<typeof TlsSchema> | undefined;
}

export function furtherUrlsOf({ urls, tls }: FurtherUrlSettings): readonly FurtherUrl[] {
  return urls.map((entry) => {
    const further = typeof entry === 'string' ? { url: entry } : entry;
    return tls && !isCloudRun(new URL(further.url)) ? { ...further, ca: tls.ca } : further;
  });
}

/** Google's own hosts have public certificates: whoever shows another one there is not Google. */
function isCloudRun(url: URL): boolean {
  return hostnameOf(url).endsWith('.run.app');
}
