import { documentIn } from '../../../contracts/document.ts';
import { type JobRecord, jobIdOf, jobsOf } from '../../../contracts/records.ts';
import { drawJobSecret, mintJobToken } from '../../../domain/checks/job-token.ts';
import { TransientError, WriteConflictError } from '../../../domain/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Random } from '../../../ports/random.ts';
import { create, type Store, update } from '../../../ports/store.ts';
import { type JobOrder, lifeOfOrderMs, membershipOfOrder } from './job-order.ts';

export type OpenedOrder =
  /** Its token is the only valid one for this work, and fetches it once. */
  | { readonly kind: 'opened'; readonly nonce: string; readonly token: string }
  /** The same list was made earlier, for another request. */
  | { readonly kind: 'done'; readonly nonce: string }
  /** A later claim has taken over the shard. */
  | { readonly kind: 'overtaken' };

interface OpenPorts {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}

const tries = 5;

/**
 * Stores an order before its job is started: the job may ask for its work at once.
 * @throws {TransientError} the database did not respond; no job may be started
 */
export async function openOrder(order: JobOrder, ports: OpenPorts): Promise<OpenedOrder> {
  const { store } = ports;
  const ref = documentIn(jobsOf(order.runId), jobIdOf(order.work));
  for (let left = tries; left > 0; left--) {
    const stored = await store.get(ref);
    const before = stored?.data;
    const { token, record } = draw(order, ports);
    if (before && before.claim > order.claim) return { kind: 'overtaken' };
    // A list is the same for everybody: a second dispatch of a run need not wait for a new one.
    if (order.mode === 'list' && before?.used && before.membership === record.membership)
      return { kind: 'done', nonce: before.nonce };
    try {
      await store.commit([stored ? update(ref, stored, record) : create(ref, record)]);
      return { kind: 'opened', nonce: record.nonce, token };
    } catch (error) {
      // Another worker, the results of an older start, or this very write, whose response was lost: read again.
      if (!(error instanceof WriteConflictError)) throw error;
    }
  }
  throw new TransientError(`${jobIdOf(order.work)} of run ${order.runId} kept changing while it was stored`);
}

function draw(order: JobOrder, { clock, random }: OpenPorts): { token: string; record: JobRecord } {
  const { runId, work, ...rest } = order;
  const nonce = random.nonce();
  const membership = membershipOfOrder(order);
  const startedAt = clock.now();
  const expiresAtS = Math.ceil((startedAt.getTime() + lifeOfOrderMs(order)) / 1_000);
  const binding = { runId, work, nonce, membership, expiresAtS };
  const { text, hash } = mintJobToken(
    'work',
    binding,
    drawJobSecret(() => random.nonce()),
  );
  const record = {
    ...rest,
    hash,
    nonce,
    membership,
    startedAt,
    expiresAt: new Date(expiresAtS * 1_000),
    used: false,
  };
  return { token: text, record };
}
