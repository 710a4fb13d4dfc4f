import { z } from 'zod';
import { builtInDefaults, ConfigSchema, withCurrentKeys } from '../config.ts';
import { type Collection, documentIn } from '../document.ts';
import { ConfigDigestSchema } from '../id-schemas.ts';
import { ignoringUnknownKeys } from '../ignoring-unknown-keys.ts';
import { mergeSettings, type SettingsMap } from '../merge-settings.ts';

/** Also reads what another version has stored: a key that an earlier version did not know has the current default. */
const StoredConfig = z
  .looseObject({ services: z.array(z.looseObject({})) })
  .transform((config): unknown => ({
    ...config,
    services: config.services.map((service) =>
      withConditions(mergeSettings(builtInDefaults, withCurrentKeys(service))),
    ),
  }))
  .pipe(ignoringUnknownKeys(ConfigSchema));

/** `health.expect.json` was always the body itself, also where it was a list. */
function withConditions(service: SettingsMap): SettingsMap {
  const stored = z
    .looseObject({ health: z.looseObject({ expect: z.looseObject({ json: z.array(z.json()) }) }) })
    .safeParse(service).data;
  if (!stored || isConditions(stored.health.expect.json)) return service;
  const json = [{ path: '$', contains: stored.health.expect.json }];
  return mergeSettings(service, { health: { expect: { json } } });
}

const Condition = z.looseObject({ path: z.string().startsWith('$') });

function isConditions(list: readonly unknown[]): boolean {
  return list.length > 0 && list.every((item) => Condition.safeParse(item).success);
}

/** `configs/{digest}`: one applied config, never changed. */
const ConfigRecord = z.object({ config: StoredConfig, appliedAt: z.date() });
export type ConfigRecord = z.infer<typeof ConfigRecord>;
export const configs: Collection<ConfigRecord> = { path: 'configs', schema: ConfigRecord };

/** `control/config`: the current config. */
const CurrentConfigRecord = z.object({ digest: ConfigDigestSchema, appliedAt: z.date() });
export type CurrentConfigRecord = z.infer<typeof CurrentConfigRecord>;
const currentConfigs: Collection<CurrentConfigRecord> = { path: 'control', schema: CurrentConfigRecord };
export const currentConfig = documentIn(currentConfigs, 'config');
