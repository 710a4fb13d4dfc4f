import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { HealthQuestion } from '../../contracts/expectations/health-question.ts';
import { usersWay } from '../../contracts/reach/further-urls.ts';
import { buildConversation } from '../../contracts/suites/build-conversation.ts';
import { forwardedHost } from '../../domain/forwarded-host.ts';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import { judgeConversation } from '../../domain/websocket/judge-conversation.ts';
import type { Ports } from '../../ports/ports.ts';
import { askFurtherUrls, askHealth } from './ask-health.ts';

export interface HealthProbe {
  /** The response of the path. */
  readonly answer: ProbeAnswer;
  readonly outcome: ProbeOutcome;
  /** True: the path responded well, and the outcome is that of the conversation. */
  readonly talked?: boolean;
}

/**
 * One probe below `base`: the health path and, if that is good, the WebSocket conversation of the config.
 * @param question or why it cannot be put
 * @param audience of an ID token: the service's own URL
 */
export async function probeHealth(
  base: string,
  audience: string,
  config: ServiceConfig,
  question: HealthQuestion | Extract<ProbeOutcome, { kind: 'unknown' }>,
  { prober, sockets }: Pick<Ports, 'prober' | 'sockets'>,
): Promise<HealthProbe> {
  const { path, timeout, authenticate, websocket, host } = config.health;
  if ('kind' in question) return { answer: unsent(question.detail), outcome: question };
  const isTag = base !== audience;
  const headers = forwardedHost(isTag ? host : undefined);
  const byUsers = usersWay(config);
  const own = { url: base.replace(/\/$/, ''), authenticate };
  const { url: origin, ...way } = byUsers ?? own;
  const request = { ...way, timeoutMs: durationMs(timeout), audience, headers };
  const { answer, outcome } = byUsers
    ? await askFurtherUrls(audience, config, question, prober)
    : await askHealth({ ...request, url: new URL(path, base).href }, config, question, prober);
  if (outcome.kind !== 'good' || !websocket) return { answer, outcome };
  const conversation = buildConversation(origin, websocket, new Map());
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

function unsent(detail: string): ProbeAnswer {
  return { kind: 'no-answer', cause: 'blocked', latencyMs: 0, detail };
}
