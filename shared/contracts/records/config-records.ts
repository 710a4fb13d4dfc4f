import { z } from 'zod';
import { builtInDefaults, ConfigSchema, ServiceConfigSchema, withCurrentKeys } from '../config.ts';
import { type Collection, documentIn } from '../document.ts';
import { ConfigDigestSchema } from '../id-schemas.ts';

/** `serial` was stored with each group, and has never said anything: every group keeps its order. */
const StoredGroup = z.looseObject({}).transform(({ serial, ...group }) => group);
const StoredSuite = z.looseObject({ groups: z.array(StoredGroup).optional() });
const { startupGrace } = builtInDefaults.health;
const { badShare } = builtInDefaults.watch;
/** Keys that came later stand at their defaults, which change nothing that was decided before. */
const StoredService = z.looseObject({
  suites: z.array(StoredSuite).optional(),
  health: z.looseObject({}).transform((health) => ({ startupGrace, ...health })),
  watch: z.looseObject({}).transform((watch) => ({ badShare, ...watch })),
});

/** Also as earlier versions have stored it, with keys that have other names today, or none. */
const StoredConfig = ConfigSchema.extend({
  services: z.array(StoredService.transform(withCurrentKeys).pipe(ServiceConfigSchema)).min(1).max(200),
});

/** `configs/{digest}`: one applied config, never changed. */
const ConfigRecord = z.object({ config: StoredConfig, appliedAt: z.date() });
export type ConfigRecord = z.infer<typeof ConfigRecord>;
export const configs: Collection<ConfigRecord> = { path: 'configs', schema: ConfigRecord };

/** `control/config`: which config is in force. */
const CurrentConfigRecord = z.object({ digest: ConfigDigestSchema, appliedAt: z.date() });
export type CurrentConfigRecord = z.infer<typeof CurrentConfigRecord>;
const currentConfigs: Collection<CurrentConfigRecord> = { path: 'control', schema: CurrentConfigRecord };
export const currentConfig = documentIn(currentConfigs, 'config');
