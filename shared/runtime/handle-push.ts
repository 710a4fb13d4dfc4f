import { idsOf } from '../contracts/message-ids.ts';
import type { Delivery } from '../contracts/pubsub-message.ts';
import { MessageError, maxBodyBytes, readDelivery } from '../contracts/pubsub-message.ts';
import { describeError } from '../domain/errors.ts';
import { hashOf } from '../domain/ids.ts';
import type { Reason } from '../domain/verdict.ts';
import type { Ports } from '../ports/ports.ts';
import { recordRejection } from '../services/records/record-rejection.ts';
import type { PushRuntime } from './function-ports.ts';
import { refusePush } from './push-auth.ts';
import type { PushSettings } from './settings.ts';
import { traceAttribute, withTrace } from './trace-context.ts';

/** A push request. */
export interface PushRequest {
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON; the framework has already refused anything else. */
  readonly body: unknown;
  /** As received, inflated. */
  readonly rawBody: Uint8Array;
}

/** Handles one delivery. Rejecting requests another delivery. */
export type HandleDelivery = (delivery: Delivery, ports: Ports) => Promise<void>;

/** The response to Pub/Sub: 204 acknowledges, any other status requests another delivery. */
export type PushStatus = 204 | 401 | 403 | 405 | 503;

/**
 * Handles one push: authenticates its sender, parses it and runs its hop. A permanent error is recorded and
 * acknowledged; after any other error another delivery is requested. Nothing of an unauthenticated push is read.
 */
export async function handlePush(
  name: string,
  request: PushRequest,
  handle: HandleDelivery,
  { settings, ports, verifier }: PushRuntime,
): Promise<PushStatus> {
  if (request.method !== 'POST') return 405;
  const { log, clock } = ports;
  const refused = await refusePush(request.headers.authorization, settings.auth, clock.now(), verifier);
  if (refused) {
    log.warn({ function: name, code: 'push-refused' }, refused.why);
    return refused.status;
  }
  try {
    const delivery = readPush(request);
    if (!settings.subscriptions.includes(delivery.subscription)) {
      const why = `a push that does not name ${settings.subscriptions.join(' or ')} as its subscription`;
      log.warn({ function: name, code: 'foreign-subscription' }, why);
      return 403;
    }
    const trace = delivery.attributes[traceAttribute] ?? request.headers['x-cloud-trace-context'];
    return await withTrace(trace, () => attempt(name, delivery, handle, settings, ports));
  } catch (error) {
    if (!(error instanceof MessageError)) return failed(name, undefined, error, settings, ports);
    // Of the bytes: a deeply nested body can be parsed but not written as JSON again.
    const fingerprint = hashOf(Buffer.from(request.rawBody).toString('latin1'));
    return record(name, fingerprint, { code: 'malformed', text: error.message }, ports);
  }
}

/** @throws {MessageError} */
function readPush({ headers, body, rawBody }: PushRequest): Delivery {
  // The framework has decompressed the body before this check; Pub/Sub sends nothing compressed.
  if (headers['content-encoding'] !== undefined) throw new MessageError('a push is not compressed');
  if (rawBody.length > maxBodyBytes) throw new MessageError('the body is larger than 1 MiB');
  return readDelivery(body);
}

async function attempt(
  name: string,
  delivery: Delivery,
  handle: HandleDelivery,
  settings: PushSettings,
  ports: Ports,
): Promise<PushStatus> {
  try {
    await handle(delivery, ports);
    return 204;
  } catch (error) {
    if (error instanceof MessageError) throw error;
    return failed(name, delivery, error, settings, ports);
  }
}

/** Another delivery may fix it; the last delivery is recorded before the message becomes a dead letter. */
async function failed(
  name: string,
  delivery: Delivery | undefined,
  error: unknown,
  settings: PushSettings,
  ports: Ports,
): Promise<PushStatus> {
  const { deliveryAttempt, messageId } = delivery ?? {};
  const ids = idsOf(delivery?.data);
  ports.log.warn(
    { function: name, ...ids, messageId, deliveryAttempt, code: 'not-handled' },
    describeError(error),
  );
  if (deliveryAttempt !== undefined && deliveryAttempt >= settings.maxDeliveries) {
    await record(name, messageId ?? '', { code: 'given-up', text: describeError(error) }, ports);
  }
  return 503;
}

async function record(name: string, subject: string, reason: Reason, ports: Ports): Promise<PushStatus> {
  try {
    await recordRejection(name, subject, reason, ports);
    return 204;
  } catch (error) {
    ports.log.error({ function: name, code: 'not-recorded' }, describeError(error));
    return 503;
  }
}
