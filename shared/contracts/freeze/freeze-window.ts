import { Cron } from 'croner';
import { z } from 'zod';
import { durationMs, PositiveDurationSchema } from '../duration.ts';

const fiveFields = /^\s*\S+(?:\s+\S+){4}\s*$/;
/** Whether a cron ever fires is asked of this instant on: a config means the same at any time. */
export const anyInstant = new Date('2026-01-01T00:00:00Z');
const longestMs = 366 * 86_400_000;

const CronSchema = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    const message = objectionTo(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

function objectionTo(text: string): string | undefined {
  const form = 'write five fields: minute, hour, day of the month, month and weekday, as in "0 17 * * FRI"';
  if (!fiveFields.test(text)) return form;
  try {
    return cronOf({ cron: text, tz: 'UTC' }).nextRun(anyInstant)
      ? undefined
      : 'name a day that exists: it never begins';
  } catch {
    return form;
  }
}

const TimeZoneSchema = z
  .string()
  .refine(isTimeZone, 'write the name of a time zone, such as Europe/Vienna or UTC');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** When no revision gets more traffic by the guard, again and again. */
export const FreezeWindowSchema = z.strictObject({
  /** When it begins, on the clock of `tz`. */
  cron: CronSchema,
  /** How long it stays open, on the same clock. */
  for: PositiveDurationSchema.refine((text) => durationMs(text) <= longestMs, 'use at most 366d'),
  tz: TimeZoneSchema.default('UTC'),
});
export type FreezeWindow = z.infer<typeof FreezeWindowSchema>;

/** The instant from which revisions may get traffic. */
export const NotBeforeSchema = z.iso.datetime({
  offset: true,
  error: 'write an instant with its offset from UTC, such as 2026-12-01T08:00:00Z',
});

/** @throws {Error} it is no cron with five fields */
export function cronOf({ cron, tz }: Pick<FreezeWindow, 'cron' | 'tz'>): Cron {
  return new Cron(cron.trim(), { timezone: tz, mode: '5-part' });
}
