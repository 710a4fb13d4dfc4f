import { z } from 'zod';

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const form = /^(\d{1,6})(ms|s|m|h|d)$/;

/** A duration as people write it: a whole number and a unit (`500ms`, `2s`, `10m`, `1h`, `30d`). */
export const DurationSchema = z
  .string()
  .regex(form, 'a duration is a whole number and a unit: 500ms, 2s, 10m, 1h, 30d');
export type Duration = z.infer<typeof DurationSchema>;

/** @throws {RangeError} when `duration` has not passed `DurationSchema` */
export function durationMs(duration: Duration): number {
  const match = form.exec(duration);
  if (!match) throw new RangeError(`not a duration: ${duration}`);
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}
