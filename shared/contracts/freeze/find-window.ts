import { type Cron, CronDate } from 'croner';
import { durationMs } from '../duration.ts';
import { anyInstant, cronOf, type FreezeWindow } from './freeze-window.ts';

/** What a config says about when revisions may get traffic. */
export interface FreezeSettings {
  readonly freeze: readonly FreezeWindow[];
  readonly notBefore?: string | undefined;
}

/** A time in which no revision gets more traffic by the guard. */
export interface OpenWindow {
  /** The first instant that is in no window any more. */
  readonly until: Date;
  /** `the freeze window "0 17 * * FRI" is open until 2026-12-07T08:00:00+01:00 (Europe/Vienna)` */
  readonly text: string;
  /** True: `until` is only as far as was looked. */
  readonly isEndless: boolean;
}

/** How many windows in a row are followed: more than a day has minutes. */
const maxInRow = 1_500;

/** @returns the window that `at` is in, with all that overlap or adjoin it; undefined: it is in none */
export function findWindow({ freeze, notBefore }: FreezeSettings, at: Date): OpenWindow | undefined {
  const windows = freeze.map((window) => ({ ...window, crons: cronOf(window) }));
  let until = at;
  let text: string | undefined;
  if (notBefore !== undefined && new Date(notBefore) > at) {
    until = new Date(notBefore);
    text = `notBefore keeps traffic back until ${formatIn(until, 'UTC')}`;
  }
  for (let merged = 0; merged < maxInRow; merged++) {
    const ends = windows.map((window) => ({ window, end: endOf(window, until) }));
    const [last] = ends.sort((a, b) => b.end.getTime() - a.end.getTime());
    if (!last || last.end <= until) return text === undefined ? undefined : { until, text, isEndless: false };
    until = last.end;
    const { cron, tz } = last.window;
    text = `the freeze window "${cron}" is open until ${formatIn(until, tz)}`;
  }
  return text === undefined ? undefined : { until, text, isEndless: true };
}

/** True: there is a window that no end was found for. */
export function isEndless({ freeze }: FreezeSettings): boolean {
  return freeze.some((window) => {
    const first = cronOf(window).nextRun(anyInstant);
    return first !== null && findWindow({ freeze }, first)?.isEndless === true;
  });
}

/** When the last window that began by `at` ends; long ago, if there was none. */
function endOf({ crons, for: length, tz }: FreezeWindow & { readonly crons: Cron }, at: Date): Date {
  // What croner looks for is before the instant that it is given.
  const [start] = crons.previousRuns(1, new Date(at.getTime() + 1));
  if (!start) return new Date(0);
  const forMs = durationMs(length);
  // On the clock of the zone: 63 h after Friday, 17:00 is Monday, 8:00, also where clocks change in between.
  const wall = new CronDate(start, tz);
  wall.second += Math.ceil(forMs / 1000);
  const end = wall.getDate(false);
  // What begins in an hour that clocks go through twice may seem to end before it.
  return end > start ? end : new Date(start.getTime() + forMs);
}

/** `2026-12-07T08:00:00+01:00 (Europe/Vienna)` */
function formatIn(at: Date, tz: string): string {
  const digits = '2-digit';
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: tz,
    year: 'numeric',
    month: digits,
    day: digits,
    hour: digits,
    minute: digits,
    second: digits,
    timeZoneName: 'longOffset',
  });
  const [date, time, zone = ''] = format.format(at).split(' ');
  // Node.js 22 writes UTC as GMT alone.
  const offset = zone.replace('GMT', '').replace('−', '-') || '+00:00';
  return `${date}T${time}${offset} (${tz})`;
}
