import { z } from 'zod';
import type { RunId, ServiceKey } from '../../domain/ids.ts';
import { type Collection, type DocumentRef, documentIn } from '../document.ts';
import { RunIdSchema } from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';

/** A control that a person or a failed re-verification has set at `at`; in force until it is lifted. */
const ControlRecord = z.object({
  reason: OutsideLine,
  /** Absent: the guard itself. */
  actor: z.string().optional(),
  runId: RunIdSchema.optional(),
  at: z.date(),
  liftedAt: z.date().optional(),
  liftedBy: z.string().optional(),
});
export type ControlRecord = z.infer<typeof ControlRecord>;
/** `control/…`: one document for each of the controls below. */
export const controls: Collection<ControlRecord> = { path: 'control', schema: ControlRecord };

/** `control/kill`: nobody may write any service's traffic. */
export const killSwitch = documentIn(controls, 'kill');

/** `control/{serviceKey}`: no automatic write for this service. */
export function freezeOf(serviceKey: ServiceKey): DocumentRef<ControlRecord> {
  return documentIn(controls, serviceKey);
}

/** `control/pause.{serviceKey}`: no revision gets more traffic; failing ones still lose it. */
export function pauseOf(serviceKey: ServiceKey): DocumentRef<ControlRecord> {
  return documentIn(controls, `pause.${serviceKey}`);
}

/** `control/abort.{runId}`: a person has cancelled this run. */
export function abortOf(runId: RunId): DocumentRef<ControlRecord> {
  return documentIn(controls, `abort.${runId}`);
}
