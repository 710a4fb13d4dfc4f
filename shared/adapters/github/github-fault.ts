import { z } from 'zod';
import { hideSecrets } from '../../domain/redaction/hide-secrets.ts';

const TextSchema = z.string().transform((text) => text.slice(0, 300));
const HeaderSchema = z.string().max(300).optional().catch(undefined);
const DetailSchema = z.union([
  TextSchema,
  z.object({
    resource: TextSchema.optional().catch(undefined),
    field: TextSchema.optional().catch(undefined),
    code: TextSchema.optional().catch(undefined),
    message: TextSchema.optional().catch(undefined),
  }),
]);

/** All that is read of an error of Octokit; request, other headers and values that GitHub repeats are not. */
const ErrorSchema = z.object({
  status: z.number().catch(0),
  response: z
    .object({
      headers: z
        .object({
          date: HeaderSchema,
          'retry-after': HeaderSchema,
          'x-ratelimit-remaining': HeaderSchema,
          'x-ratelimit-reset': HeaderSchema,
          'x-accepted-github-permissions': HeaderSchema,
        })
        .catch({}),
      data: z
        .object({ message: TextSchema.catch(''), errors: z.array(DetailSchema).catch([]) })
        .catch({ message: '', errors: [] }),
    })
    .optional()
    .catch(undefined),
});

/** What GitHub said against a call. */
export interface GithubFault {
  /** Of HTTP; 0: no answer. */
  readonly status: number;
  /** GitHub's message and its details; empty if it gave none. */
  readonly text: string;
  /** Set: a primary or secondary rate limit, or another wish to be called later. */
  readonly retryAfterMs: number | undefined;
  readonly isRateLimit: boolean;
  /** `issues=write`, where GitHub names what the credential lacks. */
  readonly neededPermission: string | undefined;
}

const withoutTimeMs = 60_000;
const longestMs = 2 * 3_600_000;

/** Undefined: not an error of an HTTP call. */
export function readGithubFault(error: unknown): GithubFault | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status, response } = ErrorSchema.parse(error);
  if (!response) return { ...silent, text: '' };
  const { headers, data } = response;
  const isRateLimit = isLimit(status, data.message, headers);
  return {
    status,
    text: hideSecrets(
      [data.message, ...data.errors.slice(0, 3).map(describeDetail)].filter(Boolean).join('; '),
    ),
    retryAfterMs: isRateLimit || status >= 500 ? waitOf(headers, isRateLimit) : undefined,
    isRateLimit,
    neededPermission: headers['x-accepted-github-permissions'],
  };
}

const silent = { status: 0, retryAfterMs: undefined, isRateLimit: false, neededPermission: undefined };

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * GitHub answers 403 or 429: primary with `x-ratelimit-remaining: 0`; secondary by its message, with or without
 * `retry-after` (docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
function isLimit(status: number, message: string, headers: Headers): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /\b(secondary rate limit|rate limit exceeded|abuse detection)\b/i.test(message)
  );
}

/** By GitHub's own clock, so that ours need not be right. */
function waitOf(headers: Headers, isRateLimit: boolean): number | undefined {
  const asked = Number(headers['retry-after'] || Number.NaN) * 1_000;
  if (asked >= 0) return Math.min(asked, longestMs);
  if (!isRateLimit) return undefined;
  const reset = Number(headers['x-ratelimit-reset'] || Number.NaN) * 1_000 - Date.parse(headers.date ?? '');
  const isUsedUp = headers['x-ratelimit-remaining'] === '0';
  return isUsedUp && reset >= 0 ? Math.min(reset + 1_000, longestMs) : withoutTimeMs;
}

function describeDetail(detail: z.output<typeof DetailSchema>): string {
  if (typeof detail === 'string') return detail;
  const { resource, field, code, message } = detail;
  const place = [resource, field].filter(Boolean).join('.');
  return message ?? [place, code].filter(Boolean).join(' ');
}
