import { z } from 'zod';
import { terminalStatuses } from '../../domain/build.ts';
import type { Collection } from '../document.ts';
import { RunIdSchema } from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';
import { ReasonRecord } from './shapes.ts';

/** `builds/{buildId}`: the result of handling a finished build. */
const BuildRecord = z.object({
  name: z.string(),
  status: z.enum(terminalStatuses),
  outcome: z.enum(['validated', 'ignored', 'ambiguous']),
  reason: ReasonRecord,
  runs: z.array(RunIdSchema),
  at: z.date(),
});
export type BuildRecord = z.infer<typeof BuildRecord>;
export const builds: Collection<BuildRecord> = { path: 'builds', schema: BuildRecord };

/** `rejections/{hash}`: a message that was acknowledged but not acted on, with the reason; removed by a TTL. */
const RejectionRecord = z.object({
  hop: z.string(),
  reason: ReasonRecord,
  /** The ids that the message carried, never its payload. */
  subject: OutsideLine,
  at: z.date(),
});
export type RejectionRecord = z.infer<typeof RejectionRecord>;
export const rejections: Collection<RejectionRecord> = { path: 'rejections', schema: RejectionRecord };
