import { z } from 'zod';
import { auditNames, auditStatuses, rowStates } from '../../domain/audits/audit.ts';
import { CountOutput, documentHead, TimeOutput } from './parts.ts';

const Share = z.number().min(0).max(1);

/** How a run compares with the last good one. @property made false: the results are not there yet */
export const AuditsOutput = z.strictObject({
  made: z.boolean(),
  madeAt: TimeOutput.nullable(),
  gates: z.enum(auditStatuses),
  results: z.array(
    z.strictObject({
      name: z.enum(auditNames),
      status: z.enum(auditStatuses),
      score: Share.nullable(),
      minimum: Share,
      gate: z.boolean(),
      baseline: z.string().nullable(),
      rows: z.array(
        z.strictObject({
          what: z.string(),
          state: z.enum(rowStates),
          value: z.string().nullable(),
          baseline: z.string().nullable(),
          score: Share.nullable(),
          note: z.string().nullable(),
        }),
      ),
    }),
  ),
});

/** `audit`. @property files null: not known. @property stored false: the same findings were stored before */
export const ScanDocument = z.strictObject({
  ...documentHead,
  build: z.string(),
  stored: z.boolean(),
  tools: z.array(z.string()),
  findings: CountOutput,
  dirtyFiles: CountOutput,
  files: CountOutput.nullable(),
});
