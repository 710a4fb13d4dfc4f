import type { z } from 'zod';
import type { ErrorDocument, ErrorOutput } from '../contracts/output/error-output.ts';
import { schemaVersion } from '../contracts/output/parts.ts';

/** The document of everything that went wrong. */
export function errorDocument(error: z.infer<typeof ErrorOutput>): z.infer<typeof ErrorDocument> {
  return { schemaVersion, error };
}
