/** google.logging.type.LogSeverity, as the filter language compares it. */
export const severities = {
  DEFAULT: 0,
  DEBUG: 100,
  INFO: 200,
  NOTICE: 300,
  WARNING: 400,
  ERROR: 500,
  CRITICAL: 600,
  ALERT: 700,
  EMERGENCY: 800,
} as const;
export type Severity = keyof typeof severities;

export function isSeverity(name: string): name is Severity {
  return Object.hasOwn(severities, name);
}
