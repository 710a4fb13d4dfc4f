import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { expectationOf } from '../../contracts/policies.ts';
import { buildConversation } from '../../contracts/suites/build-conversation.ts';
import { classifyResponse } from '../../domain/health/classify-response.ts';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import type { RevisionName } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import type { Reason } from '../../domain/verdict.ts';
import { judgeConversation } from '../../domain/websocket/judge-conversation.ts';
import type { Ports } from '../../ports/ports.ts';

export interface HealthProbe {
  /** What the path answered. */
  readonly answer: ProbeAnswer;
  readonly outcome: ProbeOutcome;
}

/**
 * One probe below `base`: the health path, and where that is good the conversation over a WebSocket that the config may
 * ask for.
 * @param audience of an ID token: the service's own URL
 */
export async function probeHealth(
  base: string,
  audience: string,
  config: ServiceConfig,
  { prober, sockets }: Pick<Ports, 'prober' | 'sockets'>,
): Promise<HealthProbe> {
  const { path, timeout, authenticate, websocket } = config.health;
  const request = { timeoutMs: durationMs(timeout), authenticate, audience };
  const answer = await prober.probe({ ...request, url: new URL(path, base).href });
  const outcome = classifyResponse(answer, expectationOf(config));
  if (outcome.kind !== 'good' || !websocket) return { answer, outcome };
  const conversation = buildConversation(base.replace(/\/$/, ''), websocket, new Map());
  const { signature: _, ...talked } = judgeConversation(
    await sockets.converse({ ...request, ...conversation, timeoutMs: request.timeoutMs - outcome.latencyMs }),
  );
  const told =
    talked.kind === 'good' ? outcome : { ...talked, detail: `${websocket.path}: ${talked.detail}` };
  return { answer, outcome: told };
}

/** A target may sleep at zero instances: its first answers may be a cold start's. */
const maxProbes = 3;
const pauseMs = 1_000;

/** Asks a rollback target, before it gets traffic, whether it answers. @returns why not; undefined: it does */
export async function probeTarget(
  service: ServiceState,
  target: RevisionName,
  config: ServiceConfig,
  ports: Pick<Ports, 'prober' | 'sockets' | 'clock'>,
): Promise<Reason | undefined> {
  const reach = planReach(service, target);
  if (reach.kind === 'none' || reach.kind === 'pending') {
    return {
      code: 'target-unreachable',
      text: `no URL reaches ${target}, so it cannot be probed before it gets traffic`,
    };
  }
  for (let n = 1; ; n++) {
    const { outcome } = await probeHealth(reach.url, service.uri, config, ports);
    if (outcome.kind === 'good') return undefined;
    if (n === maxProbes)
      return { code: 'target-failing', text: `${target} fails its own probe: ${outcome.detail}` };
    await ports.clock.sleep(pauseMs);
  }
}
