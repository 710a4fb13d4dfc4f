import { z } from 'zod';
import { WatchedNameSchema } from '../id-schemas.ts';

/** What tells the version of a revision: one of its labels, or the commit that it was built from. */
const SameVersionSchema = z
  .string()
  .regex(/^(commit|label:[a-z0-9]([a-z0-9_./-]{0,61}[a-z0-9])?)$/, 'write commit, or label:NAME');

/** Services that belong together. */
export const GroupSchema = z.strictObject({
  name: WatchedNameSchema,
  /** The names of services in the config. */
  services: z.array(WatchedNameSchema).min(2).max(20),
  sameVersion: SameVersionSchema.default('commit'),
});
export type Group = z.infer<typeof GroupSchema>;

/** The name of the label that tells a version; undefined: the commit does. */
export function versionLabelOf({ sameVersion }: Pick<Group, 'sameVersion'>): string | undefined {
  return sameVersion === 'commit' ? undefined : sameVersion.slice('label:'.length);
}
