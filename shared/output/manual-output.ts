import type { z } from 'zod';
import type {
  ControlDocument,
  ManualDocument,
  RerunPreviewDocument,
} from '../contracts/output/command-output.ts';
import type { EffectRecord, IntentRecord, ServiceRecord } from '../contracts/records.ts';
import type { ServiceRef } from '../domain/ids.ts';
import type { TrafficTarget } from '../domain/service-state.ts';
import type { ManualKind } from '../domain/traffic/plan-manual.ts';
import type { Reason } from '../domain/verdict.ts';
import { documentOf, orNull, pinOf, serviceOf, trafficOf } from './values.ts';

interface NamedService {
  readonly name: string;
  readonly ref: ServiceRef;
}

/** What a manual change would do. */
export type ManualPreview =
  | { readonly kind: 'refused'; readonly reason: Reason }
  | {
      readonly kind: 'write';
      readonly before: readonly TrafficTarget[];
      readonly after: readonly TrafficTarget[];
      readonly pin: ServiceRecord['pin'];
    };

/** `rollback`, `promote`, `pin`, `unpin` with `--dry-run`. */
export function manualPreviewDocument(
  kind: ManualKind,
  { name, ref }: NamedService,
  preview: ManualPreview,
  exitCode: number,
): z.infer<typeof ManualDocument> {
  const planned = preview.kind === 'write' ? preview : undefined;
  return documentOf(
    {
      dryRun: true,
      kind,
      service: serviceOf(name, ref),
      effectId: null,
      state: planned ? 'planned' : 'refused',
      outcome: preview.kind === 'refused' ? preview.reason : null,
      before: planned ? trafficOf(planned.before) : null,
      after: planned ? trafficOf(planned.after) : null,
      pin: pinOf(planned?.pin),
      undo: null,
    },
    exitCode,
  );
}

/** A manual change that was made, or not. @property change the accepted write; absent: there is none */
interface MadeChange {
  readonly effectId: string;
  readonly effect: EffectRecord;
  readonly service: NamedService;
  readonly change: IntentRecord | undefined;
  readonly pin: ServiceRecord['pin'];
  readonly undo: string | undefined;
}

/** `rollback`, `promote`, `pin`, `unpin`. */
export function manualDocument(
  { effectId, effect, service, change, pin, undo }: MadeChange,
  exitCode: number,
): z.infer<typeof ManualDocument> {
  const { kind, state, outcome } = effect;
  return documentOf(
    {
      dryRun: false,
      kind,
      service: serviceOf(service.name, service.ref),
      effectId,
      state,
      outcome: orNull(outcome),
      before: change ? trafficOf(change.before) : null,
      after: change ? trafficOf(change.after) : null,
      pin: pinOf(pin),
      undo: orNull(undo),
    },
    exitCode,
  );
}

/** `freeze`, `unfreeze`, `pause`, `resume`, `abort`. */
export function controlDocument({
  dryRun,
  changed,
  text,
  undo,
}: {
  readonly dryRun: boolean;
  readonly changed: boolean;
  readonly text: string;
  readonly undo?: string | undefined;
}): z.infer<typeof ControlDocument> {
  return documentOf({ dryRun, changed, text, undo: changed && !dryRun ? orNull(undo) : null });
}

/** `rerun --dry-run`. @param attempt absent: no run would start, since one is in progress or none is needed */
export function rerunPreviewDocument(
  { name, ref }: NamedService,
  revision: string,
  attempt: number | undefined,
  traffic: readonly TrafficTarget[],
): z.infer<typeof RerunPreviewDocument> {
  return documentOf({
    dryRun: true,
    service: serviceOf(name, ref),
    revision,
    attempt: orNull(attempt),
    traffic: trafficOf(traffic),
  });
}
