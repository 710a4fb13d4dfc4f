import type { z } from 'zod';
import type { ChangeOutput } from '../contracts/output/parts.ts';
import type { IntentRecord } from '../contracts/records.ts';
import { trafficCommand } from '../wording/traffic-command.ts';
import { orNull, timeOf, trafficOf } from './values.ts';

export type Change = IntentRecord & { readonly id: string };

/** @param lastShift the id of the last change of percentages: undoing an older one would undo the newer ones, too */
export function changeOutput(change: Change, lastShift: string | undefined): z.infer<typeof ChangeOutput> {
  const { id, ref, runId, at, actor, why, outcome, before, after, target } = change;
  return {
    id,
    runId: orNull(runId),
    at: timeOf(at),
    actor,
    why,
    outcome,
    before: trafficOf(before),
    after: trafficOf(after),
    target: orNull(target),
    undo: id === lastShift && outcome === 'accepted' ? trafficCommand(ref, before) : null,
  };
}
