import type { DocumentRef } from '../../contracts/document.ts';
import type { ControlRecord } from '../../contracts/records.ts';
import type { Ports } from '../../ports/ports.ts';
import { retryOnConflict } from '../../ports/retry-on-conflict.ts';
import { create, type Stored, update, type Write } from '../../ports/store.ts';
import { controlEventWrites } from '../notices/control-events.ts';

const maxTries = 5;

export interface ControlRequest {
  readonly reason: string;
  readonly actor: string;
}

/** Turns a control on; one that is already on keeps its first reason. @returns false: it was on already */
export async function setControl(
  ref: DocumentRef<ControlRecord>,
  request: ControlRequest,
  ports: Pick<Ports, 'store' | 'clock'>,
): Promise<boolean> {
  const at = ports.clock.now();
  const event = { kind: 'freeze-set', at, actor: request.actor, why: request.reason } as const;
  const told = await controlEventWrites(ref, event, ports.store);
  return change(ref, ports, (control) =>
    control && !control.data.liftedAt ? [] : [controlWrite(ref, control, { ...request, at }), ...told],
  );
}

/** Lifts a control. @param actor the person who lifts it @returns the reason that it had; undefined: it was not on */
export async function liftControl(
  ref: DocumentRef<ControlRecord>,
  actor: string,
  ports: Pick<Ports, 'store' | 'clock'>,
): Promise<string | undefined> {
  let reason: string | undefined;
  const at = ports.clock.now();
  const event = { kind: 'freeze-lifted', at, actor, why: 'the guard may write again' } as const;
  const told = await controlEventWrites(ref, event, ports.store);
  await change(ref, ports, (control) => {
    reason = control?.data.liftedAt ? undefined : control?.data.reason;
    return control && reason !== undefined
      ? [update(ref, control, { liftedAt: at, liftedBy: actor }), ...told]
      : [];
  });
  return reason;
}

/** The write that turns a control on, whether or not its document exists. */
export function controlWrite(
  ref: DocumentRef<ControlRecord>,
  control: Stored<ControlRecord> | undefined,
  record: Omit<ControlRecord, 'liftedAt' | 'liftedBy'>,
): Write {
  const { reason, actor, runId, at } = record;
  return control
    ? update(ref, control, { reason, actor, runId, at, liftedAt: undefined, liftedBy: undefined })
    : create(ref, record);
}

async function change(
  ref: DocumentRef<ControlRecord>,
  { store }: Pick<Ports, 'store'>,
  plan: (control: Stored<ControlRecord> | undefined) => readonly Write[],
): Promise<boolean> {
  return retryOnConflict(maxTries, async () => {
    const writes = plan(await store.get(ref));
    if (writes.length > 0) await store.commit(writes);
    return writes.length > 0;
  });
}
