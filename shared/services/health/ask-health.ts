import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { expectationOf } from '../../contracts/policies.ts';
import {
  asHttpAnswer,
  healthCheckBody,
  healthCheckPath,
  judgeHealthCheck,
} from '../../domain/grpc/health-check.ts';
import { classifyResponse } from '../../domain/health/classify-response.ts';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import type { ProbeRequest, Prober } from '../../ports/prober.ts';

/** Asks one URL for health, as the config says: by a GET, or its host by the health check of gRPC. */
export async function askHealth(
  request: ProbeRequest,
  config: ServiceConfig,
  prober: Prober,
): Promise<{ readonly answer: ProbeAnswer; readonly outcome: ProbeOutcome }> {
  const { grpc, expect } = config.health;
  if (!grpc) {
    const answer = await prober.probe(request);
    return { answer, outcome: classifyResponse(answer, expectationOf(config)) };
  }
  const check = {
    ...request,
    url: new URL(healthCheckPath, request.url).href,
    httpVersion: 2,
    method: 'POST',
    headers: { ...request.headers, 'content-type': 'application/grpc', te: 'trailers' },
    body: healthCheckBody(grpc.service),
  } as const;
  const answer = asHttpAnswer(await prober.probe(check));
  return { answer, outcome: judgeHealthCheck(answer, durationMs(expect.latency)) };
}
