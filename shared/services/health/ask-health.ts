import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { HealthQuestion } from '../../contracts/expectations/health-question.ts';
import {
  asHttpAnswer,
  healthCheckBody,
  healthCheckPath,
  judgeHealthCheck,
} from '../../domain/grpc/health-check.ts';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import { probeWithPage } from '../../ports/probe-with-page.ts';
import type { ProbeRequest, Prober } from '../../ports/prober.ts';

/** Asks one URL for health, as the config says: by a GET, or its host by the health check of gRPC. */
export async function askHealth(
  request: ProbeRequest,
  config: ServiceConfig,
  question: HealthQuestion,
  prober: Prober,
): Promise<{ readonly answer: ProbeAnswer; readonly outcome: ProbeOutcome }> {
  const { grpc, expect } = config.health;
  const { method, judge } = question;
  const headers = { ...request.headers, ...question.headers };
  if (!grpc) {
    const answer = await probeWithPage(prober, { ...request, method, headers });
    return { answer, outcome: judge(answer) };
  }
  const check = {
    ...request,
    url: new URL(healthCheckPath, request.url).href,
    httpVersion: 2,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/grpc', te: 'trailers' },
    body: healthCheckBody(grpc.service),
  } as const;
  const answer = asHttpAnswer(await prober.probe(check));
  return { answer, outcome: judgeHealthCheck(answer, durationMs(expect.latency)) };
}
