import { mayBePlatforms, platformsOwn } from '../domain/health/classify-response.ts';
import type { ProbeAnswer, ProbeRequest, Prober } from './prober.ts';

/**
 * Probes one URL. A response to HEAD has no page that would tell the platform's own from the service's: where it may be
 * the platform's, it is asked for once more with GET.
 */
export async function probeWithPage(prober: Prober, request: ProbeRequest): Promise<ProbeAnswer> {
  const answer = await prober.probe(request);
  if (request.method !== 'HEAD' || answer.kind !== 'answer' || !mayBePlatforms(answer.status)) return answer;
  const page = await prober.probe({ ...request, method: 'GET' });
  return page.kind === 'answer' && platformsOwn(page) ? page : answer;
}
