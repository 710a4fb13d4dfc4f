import { type Hop, type MessageOf, messageSchemas } from '../contracts/messages.ts';
import { describeError, isRetryable } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';
import { beginValidation } from '../services/begin-validation.ts';
import { checkHealth } from '../services/check-health.ts';
import { decideStage } from '../services/decide-stage.ts';
import { recordRejection } from '../services/record-rejection.ts';
import { routeTraffic } from '../services/route-traffic.ts';
import { sweepStaleRuns } from '../services/sweep-stale-runs.ts';

type Service<H extends Hop> = (message: MessageOf<H>, ports: Ports) => Promise<void>;

/** Which service settles the messages of a hop, when all run in one process. */
const services: { readonly [H in Hop]: Service<H> } = {
  'begin-validation': beginValidation,
  'check-health': checkHealth,
  'decide-stage': decideStage,
  'route-traffic': routeTraffic,
  'sweep-stale-runs': sweepStaleRuns,
};

/** Settles a message within this process. @throws what a later delivery may mend */
export function deliverInProcess<H extends Hop>(hop: H, message: MessageOf<H>, ports: Ports): Promise<void> {
  return settleMessage(hop, message, services[hop], ports);
}

/**
 * Parses a message and hands it to its service. A fault that will not mend is recorded and acknowledged: delivering
 * it again would only fail again.
 * @throws what a later delivery may mend
 */
export async function settleMessage<H extends Hop>(
  hop: H,
  message: unknown,
  service: Service<H>,
  ports: Ports,
): Promise<void> {
  const parsed = messageSchemas[hop].safeParse(message);
  if (!parsed.success) {
    const text = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return recordRejection(hop, hop, { code: 'malformed', text }, ports);
  }
  try {
    await service(parsed.data as MessageOf<H>, ports);
  } catch (error) {
    if (isRetryable(error)) throw error;
    await recordRejection(
      hop,
      JSON.stringify(parsed.data),
      { code: 'permanent', text: describeError(error) },
      ports,
    );
  }
}
