import type { z } from 'zod';
import type { ChangesDocument, ServicesDocument } from '../contracts/output/service-output.ts';
import type { ServiceRef } from '../domain/ids.ts';
import type { ServiceOverview, ServicesOverview } from '../services/load-overview.ts';
import type { PageOfChanges } from '../services/page-of-changes.ts';
import { changeOutput } from './change-output.ts';
import { alarmOf, controlOf, documentOf, orNull, pinOf, serviceOf, timeOf, windowOf } from './values.ts';

/** `services`, `GET /api/services`. */
export function servicesDocument({
  killSwitch,
  services,
}: ServicesOverview): z.infer<typeof ServicesDocument> {
  return documentOf({ killSwitch: controlOf(killSwitch), services: services.map(overviewOutput) });
}

function overviewOutput(service: ServiceOverview): z.infer<typeof ServicesDocument>['services'][number] {
  const { name, ref, lastGood, currentRun, rollbacks, pin, alarm, tagRefusal, freeze, pause, window } =
    service;
  return {
    ...serviceOf(name, ref),
    lastGood: lastGood.map((good) => ({
      revision: good.revision,
      createdAt: timeOf(good.createTime),
      runId: good.runId,
      at: timeOf(good.at),
      short: good.short,
      movedAway: good.movedAway === true,
    })),
    currentRunId: orNull(currentRun?.runId),
    rollbacks: rollbacks.map(({ from, to, at }) => ({ from, to, at: timeOf(at) })),
    pin: pinOf(pin),
    alarm: alarmOf(alarm),
    tagRefusal: tagRefusal
      ? {
          revision: tagRefusal.revision,
          fault: tagRefusal.fault,
          status: orNull(tagRefusal.status),
          detail: tagRefusal.detail,
          at: timeOf(tagRefusal.at),
        }
      : null,
    freeze: controlOf(freeze),
    pause: controlOf(pause),
    freezeWindow: windowOf(window),
  };
}

/** `changes`. */
export function changesDocument(
  { name, ref }: { readonly name: string; readonly ref: ServiceRef },
  { changes, lastShift, nextCursor }: PageOfChanges,
): z.infer<typeof ChangesDocument> {
  return documentOf({
    service: serviceOf(name, ref),
    changes: changes.map((change) => changeOutput(change, lastShift)),
    nextCursor: orNull(nextCursor),
  });
}
