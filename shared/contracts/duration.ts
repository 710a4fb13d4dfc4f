import { z } from 'zod';

const unitMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
const form = /^(\d{1,6})(ms|s|m|h|d)$/;

const hint = 'write a whole number and a unit: 500ms, 2s, 10m, 1h, 30d';

/** A duration in a config: a whole number and a unit (`500ms`, `2s`, `10m`, `1h`, `30d`). */
export const DurationSchema = z
  .string()
  // Nothing else is asked of what is no duration.
  .regex(form, { error: hint, abort: true })
  .meta({ noun: 'a duration', hint, example: '10m' });
export type Duration = z.infer<typeof DurationSchema>;

/** For durations that cannot be zero: a probe, or the pause between two. */
export const PositiveDurationSchema = DurationSchema.refine(
  (text) => !/^0+[a-z]/.test(text),
  'use a duration greater than zero',
);

/** @throws {RangeError} when `duration` has not passed `DurationSchema` */
export function durationMs(duration: Duration): number {
  const [, count, unit] = form.exec(duration) ?? [];
  const factor = unitMs.get(unit ?? '');
  if (factor === undefined) throw new RangeError(`not a duration: ${duration}`);
  return Number(count) * factor;
}
