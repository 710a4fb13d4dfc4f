import type { DocumentRef } from '../../contracts/document.ts';
import type { ControlRecord } from '../../contracts/records.ts';
import type { Ports } from '../../ports/ports.ts';
import { retryOnConflict } from '../../ports/retry-on-conflict.ts';
import { create, type Stored, update, type Write } from '../../ports/store.ts';

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
  return change(ref, ports, (control) =>
    control && !control.data.liftedAt
      ? undefined
      : controlWrite(ref, control, { ...request, at: ports.clock.now() }),
  );
}

/** Lifts a control. @param actor the person who lifts it @returns the reason that it had; undefined: it was not on */
export async function liftControl(
  ref: DocumentRef<ControlRecord>,
  actor: string,
  ports: Pick<Ports, 'store' | 'clock'>,
): Promise<string | undefined> {
  let reason: string | undefined;
  await change(ref, ports, (control) => {
    reason = control?.data.liftedAt ? undefined : control?.data.reason;
    return control && reason !== undefined
      ? update(ref, control, { liftedAt: ports.clock.now(), liftedBy: actor })
      : undefined;
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
  plan: (control: Stored<ControlRecord> | undefined) => Write | undefined,
): Promise<boolean> {
  return retryOnConflict(maxTries, async () => {
    const write = plan(await store.get(ref));
    if (write) await store.commit([write]);
    return write !== undefined;
  });
}
