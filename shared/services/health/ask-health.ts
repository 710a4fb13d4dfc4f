import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { HealthQuestion } from '../../contracts/expectations/health-question.ts';
import { furtherUrlsOf } from '../../contracts/reach/further-urls.ts';
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

export interface HealthAnswer {
  readonly answer: ProbeAnswer;
  readonly outcome: ProbeOutcome;
}

/**
 * Asks all further URLs of a service, as they stand.
 * @param audience the service's own URL
 * @returns the first that is not good, with its host, or else the first
 * @throws {RangeError} it has none
 */
export async function askFurtherUrls(
  audience: string,
  config: ServiceConfig,
  question: HealthQuestion,
  prober: Prober,
): Promise<HealthAnswer> {
  const timeoutMs = durationMs(config.health.timeout);
  const answers = await Promise.all(
    furtherUrlsOf(config).map(async (further): Promise<HealthAnswer> => {
      // An ID token for the service is never sent to a host that does not belong to it.
      const request = { ...further, timeoutMs, authenticate: 'never' as const, audience };
      const { answer, outcome } = await askHealth(request, config, question, prober);
      if (outcome.kind === 'good') return { answer, outcome };
      return { answer, outcome: { ...outcome, detail: `${new URL(further.url).host}: ${outcome.detail}` } };
    }),
  );
  const told = answers.find(({ outcome }) => outcome.kind !== 'good') ?? answers[0];
  if (!told) throw new RangeError(`${config.name} has no urls`);
  return told;
}

/** Asks one URL for health, as the config says: by a GET, or its host by the health check of gRPC. */
export async function askHealth(
  request: ProbeRequest,
  config: ServiceConfig,
  question: HealthQuestion,
  prober: Prober,
): Promise<HealthAnswer> {
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
