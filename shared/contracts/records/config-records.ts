import { z } from 'zod';
import { builtInDefaults, ConfigSchema, withCurrentKeys } from '../config.ts';
import { type Collection, documentIn } from '../document.ts';
import { ConfigDigestSchema } from '../id-schemas.ts';
import { ignoringUnknownKeys } from '../ignoring-unknown-keys.ts';
import { mergeSettings } from '../merge-settings.ts';

/** Also reads what another version has stored: a key that an earlier version did not know has the current default. */
const StoredConfig = z
  .looseObject({ services: z.array(z.looseObject({})) })
  .transform((config): unknown => ({
    ...config,
    services: config.services.map((service) => mergeSettings(builtInDefaults, withCurrentKeys(service))),
  }))
  .pipe(ignoringUnknownKeys(ConfigSchema));

/** `configs/{digest}`: one applied config, never changed. */
const ConfigRecord = z.object({ config: StoredConfig, appliedAt: z.date() });
export type ConfigRecord = z.infer<typeof ConfigRecord>;
export const configs: Collection<ConfigRecord> = { path: 'configs', schema: ConfigRecord };

/** `control/config`: the current config. */
const CurrentConfigRecord = z.object({ digest: ConfigDigestSchema, appliedAt: z.date() });
export type CurrentConfigRecord = z.infer<typeof CurrentConfigRecord>;
const currentConfigs: Collection<CurrentConfigRecord> = { path: 'control', schema: CurrentConfigRecord };
export const currentConfig = documentIn(currentConfigs, 'config');
