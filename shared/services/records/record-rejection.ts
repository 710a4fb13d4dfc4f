import { documentIn } from '../../contracts/document.ts';
import { rejections } from '../../contracts/records.ts';
import { hashOf } from '../../domain/ids.ts';
import type { Reason } from '../../domain/verdict.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';

/** Records that a message was acknowledged without effect; the same message twice makes one record. */
export async function recordRejection(
  hop: string,
  subject: string,
  reason: Reason,
  { store, clock, log }: Pick<Ports, 'store' | 'clock' | 'log'>,
): Promise<void> {
  log.warn({ hop, subject, code: reason.code }, `rejected: ${reason.text}`);
  const ref = documentIn(rejections, hashOf(hop, subject, reason.code));
  await createOnce(store, ref, { hop, subject: subject.slice(0, 256), reason, at: clock.now() });
}
