const timestamp = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Parses a timestamp of a report. Many are local times without a zone, and are read as UTC.
 *
 * @returns ms since the epoch, without the fraction of a second; undefined: not a valid time
 */
export function parseTimestamp(text: string): number | undefined {
  const [, day, time, zone = 'Z'] = timestamp.exec(text.trim()) ?? [];
  const ms = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(ms) ? undefined : ms;
}
