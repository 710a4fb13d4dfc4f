import { classifySilence, platformsOwn } from '../health/classify-response.ts';
import type { ProbeAnswer } from '../health/probe-answer.ts';
import type { Fault, ProbeOutcome } from '../health/probe-outcome.ts';
import { shortened } from '../render/excerpt.ts';
import { grpcCode } from './grpc-codes.ts';

/** `grpc.health.v1.Health/Check`: https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
export const healthCheckPath = '/grpc.health.v1.Health/Check';

const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;
const shownLength = 120;

type Answer = Extract<ProbeAnswer, { kind: 'answer' }>;

/**
 * The request's body: a frame around `HealthCheckRequest { service }`.
 * @param service at most 100 characters of ASCII, so that every byte is a character
 */
export function healthCheckBody(service: string): string {
  const message = service === '' ? '' : `\n${String.fromCharCode(service.length)}${service}`;
  return `\0\0\0\0${String.fromCharCode(message.length)}${message}`;
}

/**
 * A gRPC status as the answer that HTTP has for it, with its message as the body. What is no gRPC, such as a page of the
 * platform, and a call that went well are left as they are.
 */
export function asHttpAnswer(answer: ProbeAnswer): ProbeAnswer {
  if (answer.kind !== 'answer' || answer.status !== 200) return answer;
  const code = grpcCode(answer.headers['grpc-status']);
  if (!code || code.name === 'OK') return answer;
  return { ...answer, status: code.status, body: decodeMessage(answer.headers['grpc-message'] ?? '') };
}

/** What the answer to a health check says of the revision. @param answer by `asHttpAnswer` */
export function judgeHealthCheck(answer: ProbeAnswer, maxLatencyMs: number): ProbeOutcome {
  if (answer.kind === 'no-answer') return classifySilence(answer);
  const { status, latencyMs } = answer;
  const bad = (fault: Fault, detail: string, as: number = status): ProbeOutcome => ({
    kind: 'bad',
    fault,
    status: as,
    latencyMs,
    detail,
  });
  const platform = platformsOwn(answer);
  if (platform) return platform;
  const code = grpcCode(answer.headers['grpc-status']);
  if (status !== 200) return bad(faultOf(status, code?.name), describeStatus(answer, code?.name));
  if (!code) return bad('wrong-body', 'the response is not gRPC: it has no grpc-status');
  const serving = statusIn(answer.body);
  if (serving === 'NOT_SERVING') return bad('server-error', 'gRPC health is NOT_SERVING', 503);
  if (serving !== 'SERVING') return bad('wrong-body', `gRPC health is ${serving ?? 'unreadable'}`);
  if (latencyMs > maxLatencyMs)
    return bad('too-slow', `${Math.round(latencyMs)} ms, expected at most ${maxLatencyMs} ms`);
  return { kind: 'good', status, latencyMs };
}

function faultOf(status: number, code: string | undefined): Fault {
  if (code === 'DEADLINE_EXCEEDED') return 'timeout';
  return status >= 500 ? 'server-error' : 'wrong-status';
}

function describeStatus({ status, body }: Answer, code: string | undefined): string {
  const text = shortened(body, shownLength);
  const told = code === undefined ? `HTTP ${status}, expected a gRPC response` : `gRPC ${code}, expected OK`;
  return text === '' ? told : `${told}: ${text}`;
}

/** A frame around `HealthCheckResponse { status }`, and nothing else: what cannot be read is never SERVING. */
function statusIn(body: string): (typeof statuses)[number] | undefined {
  if (body === '\0\0\0\0\0') return statuses[0];
  const frame = '\0\0\0\0\x02\b';
  return body.startsWith(frame) && body.length === frame.length + 1
    ? statuses[body.charCodeAt(frame.length)]
    : undefined;
}

/** Percent-encoded UTF-8, as far as it is that. */
function decodeMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
