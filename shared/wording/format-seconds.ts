const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/**
 * Any duration for people, always rounded down: `0.5 s` below ten seconds, `20 s` below two minutes, then `10 min`,
 * `2 min 30 s`, and `1 h 5 min` from two hours on.
 */
export function formatSeconds(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  if (ms < 10 * secondMs) return `${tenths / 10} s`;
  if (ms < 2 * minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < 2 * hourMs) return inTwoUnits(ms, [minuteMs, 'min'], [secondMs, 's']);
  return inTwoUnits(ms, [hourMs, 'h'], [minuteMs, 'min']);
}

type Unit = readonly [ms: number, name: string];

function inTwoUnits(ms: number, [bigMs, big]: Unit, [smallMs, small]: Unit): string {
  const rest = Math.floor((ms % bigMs) / smallMs);
  return `${Math.floor(ms / bigMs)} ${big}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}
