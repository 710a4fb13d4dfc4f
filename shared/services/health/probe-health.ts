import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { expectationOf } from '../../contracts/policies.ts';
import { buildConversation } from '../../contracts/suites/build-conversation.ts';
import { classifyResponse } from '../../domain/health/classify-response.ts';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import { judgeConversation } from '../../domain/websocket/judge-conversation.ts';
import type { Ports } from '../../ports/ports.ts';
import { forwardedHost } from './forwarded-host.ts';

export interface HealthProbe {
  /** The response of the path. */
  readonly answer: ProbeAnswer;
  readonly outcome: ProbeOutcome;
  /** True: the path responded well, and the outcome is that of the conversation. */
  readonly talked?: boolean;
}

/**
 * One probe below `base`: the health path and, if that is good, the WebSocket conversation of the config.
 * @param audience of an ID token: the service's own URL
 */
export async function probeHealth(
  base: string,
  audience: string,
  config: ServiceConfig,
  { prober, sockets }: Pick<Ports, 'prober' | 'sockets'>,
): Promise<HealthProbe> {
  const { path, timeout, authenticate, websocket, host } = config.health;
  const headers = forwardedHost(base, audience, host);
  const request = { timeoutMs: durationMs(timeout), authenticate, audience, headers };
  const answer = await prober.probe({ ...request, url: new URL(path, base).href });
  const outcome = classifyResponse(answer, expectationOf(config));
  if (outcome.kind !== 'good' || !websocket) return { answer, outcome };
  const conversation = buildConversation(base.replace(/\/$/, ''), websocket, new Map());
  const { signature: _, ...talked } = judgeConversation(
    await sockets.converse({
      ...request,
      ...conversation,
      headers: { ...headers, ...conversation.headers },
      timeoutMs: request.timeoutMs - outcome.latencyMs,
    }),
  );
  const told =
    talked.kind === 'good' ? outcome : { ...talked, detail: `${websocket.path}: ${talked.detail}` };
  return { answer, outcome: told, talked: true };
}
