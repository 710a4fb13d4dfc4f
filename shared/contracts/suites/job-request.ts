import {
  type JobReport,
  JobReportSchema,
  maxReportBytes,
  type PresentedToken,
  readPresentedToken,
} from './job-api.ts';

/** What is known of a request before any of its body is read. */
export interface JobRequestHead {
  readonly method: string;
  /** As received: path and query. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export type AskedOfCollect =
  | { readonly kind: 'work'; readonly token: PresentedToken }
  | { readonly kind: 'report'; readonly token: PresentedToken; readonly described: JobReport }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 404 | 413 | 415; readonly why: string };

/** Judges a request by its shape alone: nothing is looked up and no body is read for one that no agent would send. */
export function readJobRequest({ method, target, headers }: JobRequestHead): AskedOfCollect {
  const isReport = method === 'POST' && target === '/results';
  if (!isReport && !(method === 'GET' && target === '/shard')) return refused(404, 'no such page');
  if (headers['content-encoding'] !== undefined) return refused(415, 'an encoded body');
  const token = readPresentedToken(headers.authorization);
  if (!token) return refused(401, 'no token');
  if (!isReport) return { kind: 'work', token };
  const described = JobReportSchema.safeParse(headers);
  if (!described.success) return refused(400, 'a report without its description');
  const length = lengthOf(headers);
  if (length !== undefined && length > maxReportBytes) return refused(413, 'a report that is too large');
  if (length !== undefined && !isAsDescribed(described.data, length))
    return refused(400, 'a report unlike its description');
  return { kind: 'report', token, described: described.data };
}

/** True: a body of this length is what the headers say of it. */
export function isAsDescribed({ body }: JobReport, length: number): boolean {
  return (body === 'present') === length > 0;
}

/** Of the body, in bytes. @returns undefined: it comes in chunks, so only its end will tell */
function lengthOf(headers: JobRequestHead['headers']): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

function refused(status: 400 | 401 | 404 | 413 | 415, why: string): AskedOfCollect {
  return { kind: 'refused', status, why };
}
