import type { DocumentRef } from '../../contracts/document.ts';
import type { ControlRecord } from '../../contracts/records.ts';
import { controlDocument } from '../../output/manual-output.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { loadControl } from '../../services/records/load-controls.ts';
import { liftControl, setControl } from '../../services/records/set-control.ts';
import { describeControl } from '../../wording/describe-standing.ts';
import { commandOn } from '../../wording/mend-of.ts';
import type { CliIo } from '../cli-io.ts';
import { printDocument } from '../exit/print-document.ts';
import type { AuditOptions } from '../options/audit-options.ts';
import { readActor, readAudit } from '../options/audit-options.ts';
import { recordsOptionsOf, type StoreOptions } from '../options/store-options.ts';
import { withStore } from '../with-store.ts';

export interface ControlOptions extends StoreOptions, AuditOptions {
  readonly json?: true;
}

/** A control document and its words: `web` is `paused`. */
export interface NamedControl {
  readonly ref: DocumentRef<ControlRecord>;
  readonly subject: string;
  readonly state: string;
  /** What the control does while it is on. */
  readonly effect: string;
  /** The command that turns the control off again, and on, without the program and its records; absent: there is none. */
  readonly undo?: { readonly on: string; readonly off: string } | undefined;
}

type Find = (store: Store) => Promise<NamedControl>;

/** Turns a control on and reports its effect. A control that is already on keeps its reason. */
export async function turnOn(find: Find, options: ControlOptions, io: CliIo): Promise<void> {
  const request = readAudit(options, io);
  await change(options, io, async (store, clock) => {
    const { ref, subject, state, effect, undo } = await find(store);
    const before = await loadControl(ref, store);
    if (before)
      return { changed: false, text: `${subject} is already ${state}, ${describeControl(before.data)}` };
    if (options.dryRun) return { changed: true, text: `${subject} would be ${state}: ${effect}` };
    const changed = await setControl(ref, { reason: request.why, actor: request.actor }, { store, clock });
    return { changed, text: `${subject} is ${state}: ${effect}`, undo: undo?.on };
  });
}

/** Lifts a control and reports the reason that it had. */
export async function turnOff(find: Find, options: ControlOptions, io: CliIo): Promise<void> {
  await change(options, io, async (store, clock) => {
    const { ref, subject, state, undo } = await find(store);
    const reason = options.dryRun
      ? (await loadControl(ref, store))?.data.reason
      : await liftControl(ref, readActor(options, io), { store, clock });
    if (reason === undefined) return { changed: false, text: `${subject} was not ${state}` };
    const text = options.dryRun
      ? `${subject} would no longer be ${state} (reason: ${reason})`
      : `${subject} is no longer ${state} (reason was: ${reason})`;
    return { changed: true, text, undo: options.dryRun ? undefined : undo?.off };
  });
}

interface Change {
  /** Whether the command changed something, or would change something without --dry-run. */
  readonly changed: boolean;
  readonly text: string;
  /** Absent: nothing was changed, or it cannot be undone. */
  readonly undo?: string | undefined;
}

async function change(
  options: ControlOptions,
  io: CliIo,
  work: (store: Store, clock: Clock) => Promise<Change>,
): Promise<void> {
  const { dryRun = false, json = false } = options;
  const done = await withStore(options, io, work, { readOnly: dryRun });
  const undo = done.undo && commandOn(done.undo, { records: recordsOptionsOf(options) });
  if (json) return printDocument(controlDocument({ ...done, undo, dryRun }), io);
  io.stdout.write(`${done.text}\n${undo === undefined ? '' : `undo    ${undo}\n`}`);
}
