const timestamp = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads when a report says that something was. Many write local time and do not say whose: that is read as UTC.
 *
 * @returns ms since the epoch, without the fraction of a second; undefined: it is no time
 */
export function parseTimestamp(text: string): number | undefined {
  const [, day, time, zone = 'Z'] = timestamp.exec(text.trim()) ?? [];
  const ms = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(ms) ? undefined : ms;
}
