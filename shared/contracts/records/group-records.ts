import { z } from 'zod';
import {
  type GroupFinding,
  type GroupMember,
  versionComparisons,
} from '../../domain/records/group-finding.ts';
import type { Collection } from '../document.ts';
import { RevisionNameSchema, RunIdSchema, WatchedNameSchema } from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';
import type { FieldsOf } from './shapes.ts';

/**
 * `groupFindings/{runId}`: the versions of the services of a group, as last found at a verdict on the run or, while the
 * run is its service's latest one, at a verdict on another service of the group.
 */
const GroupFindingRecord = z.object({
  group: WatchedNameSchema,
  sameVersion: z.string(),
  runId: RunIdSchema,
  versions: z.enum(versionComparisons),
  members: z.array(
    z.object({
      name: WatchedNameSchema,
      revision: RevisionNameSchema.optional(),
      version: OutsideLine.optional(),
      runId: RunIdSchema.optional(),
      isOpen: z.boolean(),
      fits: RevisionNameSchema.optional(),
      unread: OutsideLine.optional(),
    } satisfies FieldsOf<GroupMember>),
  ),
  at: z.date(),
} satisfies FieldsOf<GroupFinding>);

export type { GroupFinding as GroupFindingRecord } from '../../domain/records/group-finding.ts';
export const groupFindings: Collection<GroupFinding> = { path: 'groupFindings', schema: GroupFindingRecord };
