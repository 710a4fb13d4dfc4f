import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import { BlockedAddressError } from './address-guard.ts';

type NoAnswer = Extract<ProbeAnswer, { kind: 'no-answer' }>;
type Explanation = Pick<NoAnswer, 'cause' | 'detail'>;

interface Rule {
  /** The names or codes of an error, or of what caused it. */
  readonly marks: RegExp;
  readonly cause: NoAnswer['cause'];
  readonly words: string;
}

const rules: readonly Rule[] = [
  {
    marks: /^(TimeoutError|AbortError|ETIMEDOUT|UND_ERR_\w+_TIMEOUT|UND_ERR_ABORTED)$/,
    cause: 'timeout',
    words: 'no complete response in time',
  },
  { marks: /^(ENOTFOUND|EAI_\w+)$/, cause: 'name-resolution', words: 'the host name could not be resolved' },
  {
    marks:
      /^(ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|CERT_\w+|UNABLE_TO_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)$/,
    cause: 'tls',
    words: 'TLS failure',
  },
  {
    marks: /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/,
    cause: 'refused',
    words: 'the connection was refused or closed',
  },
  // Something responds there, but no client can parse it.
  {
    marks: /^(HTTPParserError|UND_ERR_HEADERS_OVERFLOW|Z_\w+)$/,
    cause: 'refused',
    words: 'the response is not readable HTTP',
  },
];

/**
 * Why a request got no response. A cause without a rule (no route, no free socket) counts as `blocked`: a fault on our
 * side must not be held against a revision. The detail contains our own words and codes only, since an error's own text
 * may contain what was sent.
 */
export function explainProbeError(error: unknown): Explanation {
  const errors = withCauses(error);
  const blocked = errors.find((each) => each instanceof BlockedAddressError);
  if (blocked) return { cause: 'blocked', detail: blocked.message };
  const marks = errors.flatMap(marksOf);
  for (const rule of rules) {
    const mark = marks.find((each) => rule.marks.test(each));
    if (mark !== undefined) return { cause: rule.cause, detail: `${rule.words} (${mark})` };
  }
  return { cause: 'blocked', detail: `the request could not be made (${marks.at(-1) ?? 'unknown'})` };
}

/** The error, its causes, and the errors that it aggregates (one per address that was tried). */
function withCauses(error: unknown, depth = 0): readonly object[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const cause = 'cause' in error ? withCauses(error.cause, depth + 1) : [];
  const gathered = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return [error, ...cause, ...gathered.flatMap((each) => withCauses(each, depth + 1))];
}

function marksOf(error: object): readonly string[] {
  const marks = ['name' in error && error.name, 'code' in error && error.code];
  return marks.filter((mark) => typeof mark === 'string' && /^\w{1,64}$/.test(mark)).map(String);
}
