import type { z } from 'zod';
import type { Hop } from '../contracts/messages.ts';
import { describeError, isRetryable } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';
import { recordRejection } from '../services/records/record-rejection.ts';

/**
 * Parses a message and hands it to its service. A fault that will not mend is recorded and acknowledged: delivering
 * it again would only fail again.
 * @throws what a later delivery may mend
 */
export async function handleMessage<M>(
  hop: Hop,
  schema: z.ZodType<M>,
  message: unknown,
  service: (message: M, ports: Ports) => Promise<void>,
  ports: Ports,
): Promise<void> {
  const parsed = schema.safeParse(message);
  if (!parsed.success) {
    const text = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return recordRejection(hop, hop, { code: 'malformed', text }, ports);
  }
  try {
    await service(parsed.data, ports);
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
