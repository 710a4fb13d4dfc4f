export type SettingsMap = Readonly<Record<string, unknown>>;

/** `over` on top of `base`: maps merge key by key, anything else replaces. Neither is changed. */
export function mergeSettings(base: SettingsMap, over: SettingsMap): SettingsMap {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const below = merged.get(key);
    merged.set(key, isSettings(below) && isSettings(value) ? mergeSettings(below, value) : value);
  }
  return Object.fromEntries(merged);
}

function isSettings(value: unknown): value is SettingsMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
