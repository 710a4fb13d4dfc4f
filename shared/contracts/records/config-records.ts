import { z } from 'zod';
import { ConfigSchema } from '../config.ts';
import { type Collection, documentIn } from '../document.ts';
import { ConfigDigestSchema } from '../ids.ts';

/** `configs/{digest}`: one applied config, never changed. */
const ConfigRecord = z.object({ config: ConfigSchema, appliedAt: z.date() });
export type ConfigRecord = z.infer<typeof ConfigRecord>;
export const configs: Collection<ConfigRecord> = { path: 'configs', schema: ConfigRecord };

/** `control/config`: which config is in force. */
const CurrentConfigRecord = z.object({ digest: ConfigDigestSchema, appliedAt: z.date() });
export type CurrentConfigRecord = z.infer<typeof CurrentConfigRecord>;
const currentConfigs: Collection<CurrentConfigRecord> = { path: 'control', schema: CurrentConfigRecord };
export const currentConfig = documentIn(currentConfigs, 'config');
