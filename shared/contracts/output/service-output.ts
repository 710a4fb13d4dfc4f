import { z } from 'zod';
import {
  AlarmOutput,
  ChangeOutput,
  ControlOutput,
  documentHead,
  PinOutput,
  ServiceOutput,
  TimeOutput,
  WindowOutput,
} from './parts.ts';

const GoodRevisionOutput = z.strictObject({
  revision: z.string(),
  createdAt: TimeOutput,
  runId: z.string(),
  at: TimeOutput,
  short: z.boolean(),
  movedAway: z.boolean(),
});

/** `services`, `GET /api/services`. */
export const ServicesDocument = z.strictObject({
  ...documentHead,
  killSwitch: ControlOutput.nullable(),
  services: z.array(
    ServiceOutput.extend({
      lastGood: z.array(GoodRevisionOutput),
      currentRunId: z.string().nullable(),
      rollbacks: z.array(z.strictObject({ from: z.string(), to: z.string(), at: TimeOutput })),
      pin: PinOutput.nullable(),
      alarm: AlarmOutput.nullable(),
      tagRefusal: z
        .strictObject({
          revision: z.string(),
          fault: z.string(),
          status: z.number().nullable(),
          detail: z.string(),
          at: TimeOutput,
        })
        .nullable(),
      freeze: ControlOutput.nullable(),
      pause: ControlOutput.nullable(),
      freezeWindow: WindowOutput.nullable(),
    }),
  ),
});

/** `changes`. */
export const ChangesDocument = z.strictObject({
  ...documentHead,
  service: ServiceOutput,
  changes: z.array(ChangeOutput),
  nextCursor: z.string().nullable(),
});
