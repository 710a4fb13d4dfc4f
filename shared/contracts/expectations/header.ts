import { z } from 'zod';

export const HeaderNameSchema = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not an HTTP header name');

/** RFC 9110 §5.5: neither line ends nor other control characters, and one byte for each character. */
const sendable = /^[\t\x20-\x7e\x80-\xff]*$/;
export const HeaderValueSchema = z
  .string()
  .regex(sendable, 'a header must be one line, of Latin-1 characters');

/** Headers that no request of the config may have, and why. */
const refused: readonly (readonly [names: RegExp, why: string])[] = [
  [
    /^(host|content-length|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|http2-settings|proxy-.*)$/i,
    'remove it: the connection itself sets this header',
  ],
  [
    /^(metadata-flavor|x-google-metadata-request)$/i,
    "remove it: it is for Google's metadata server, which nothing in a config may ask",
  ],
  [/^x-serverless-authorization$/i, 'remove it: health.authenticate says when an ID token is sent'],
  [/^x-deploy-loop-run$/i, 'remove it: Deploy Loop itself sets this header'],
];

/** Why a header may not be sent, with the mend; undefined: it may. */
function whyRefused(name: string): string | undefined {
  return refused.find(([names]) => names.test(name))?.[1];
}

/**
 * The headers of one request of the config.
 * @param further names that this kind of request sets itself, and why
 */
export function sentHeaders(further?: readonly [names: RegExp, why: string]) {
  const name = HeaderNameSchema.superRefine((name, context) => {
    const why = whyRefused(name) ?? (further?.[0].test(name) ? further[1] : undefined);
    if (why !== undefined) context.addIssue({ code: 'custom', message: why });
  });
  return z.record(name, HeaderValueSchema).superRefine((headers, context) => {
    const first = new Map<string, string>();
    for (const name of Object.keys(headers)) {
      const other = first.get(name.toLowerCase());
      const message = `write it once: ${other} is the same header`;
      if (other !== undefined) context.addIssue({ code: 'custom', path: [name], message, input: name });
      first.set(name.toLowerCase(), name);
    }
  });
}

/** What a health probe may send besides its own headers; the request log knows probes by their User-Agent. */
export const RequestHeadersSchema = sentHeaders([
  /^user-agent$/i,
  'remove it: the probe itself sets this header',
]);

/**
 * Headers with all values filled in, as they are sent.
 * @throws {Error} a value that was filled in cannot be sent; it is not shown, since it may be a secret
 */
export function sendableHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!sendable.test(value))
        throw new Error(
          `the header ${name} is not sent: the value that was filled in is not one line of Latin-1 characters`,
        );
      return [name.toLowerCase(), value];
    }),
  );
}
