import { z } from 'zod';

/** What `firestore-outage.ts` prints, as JSON. */
export const OutageReport = z.strictObject({
  /** How each call ended: the name of its error. */
  errors: z.array(z.string()),
  /** Until all had ended. */
  ms: z.number(),
});
export type OutageReport = z.infer<typeof OutageReport>;
