import { documentIn } from '../contracts/document.ts';
import { freezes } from '../contracts/records.ts';
import type { ServiceKey } from '../domain/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { update } from '../ports/store.ts';

/** Lets the guard write again for a service. @returns why it was frozen; undefined: it was not */
export async function liftFreeze(
  serviceKey: ServiceKey,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<string | undefined> {
  const ref = documentIn(freezes, serviceKey);
  const frozen = await store.get(ref);
  if (!frozen || frozen.data.liftedAt) return undefined;
  await store.commit([update(ref, frozen, { liftedAt: clock.now() })]);
  return frozen.data.reason;
}
