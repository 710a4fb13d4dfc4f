const secondMs = 1000;
const minuteMs = 60_000;

/** `0.5 s`, `20 s` below two minutes, `10 min` or `2 min 30 s` above. */
export function formatSeconds(ms: number): string {
  if (ms < 10 * secondMs) return `${Math.floor(ms / 100) / 10} s`;
  if (ms < 2 * minuteMs) return `${Math.floor(ms / secondMs)} s`;
  const seconds = Math.floor((ms % minuteMs) / secondMs);
  return `${Math.floor(ms / minuteMs)} min${seconds > 0 ? ` ${seconds} s` : ''}`;
}
