import { z } from 'zod';

export const HeaderNameSchema = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not an HTTP header name');
export const HeaderValueSchema = z.string().regex(/^[^\r\n\0]*$/, 'a header must be one line');

/** Names that the connection sets, the guard's own ID token, and what its probes are known by in request logs. */
const reserved =
  /^(host|x-serverless-authorization|user-agent|content-length|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect)$/i;

/** What a health probe may send besides its own headers. */
export const RequestHeadersSchema = z.record(
  HeaderNameSchema.refine((name) => !reserved.test(name), 'the probe sets this header itself'),
  z.string().regex(/^[\t\x20-\x7e]*$/, 'a header must be one line of ASCII'),
);
