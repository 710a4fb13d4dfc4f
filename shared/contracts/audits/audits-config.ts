import { z } from 'zod';
import { stabilityMeasures } from '../../domain/audits/judge-stability.ts';

const gate = z.boolean();
const minimum = z.number().min(0).max(1);
const measures = z.array(z.enum(stabilityMeasures)).min(1);
const shared = z
  .array(
    z
      .string()
      .max(200)
      .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'the name of an environment variable'),
  )
  .max(50);

/** As people write them: an audit that is not named is not made. */
export const AuditsFileSchema = z
  .strictObject({
    stability: z.strictObject({ gate, minimum, measures }).partial(),
    drift: z.strictObject({ gate, minimum, shared }).partial(),
    compliance: z.strictObject({ gate, minimum }).partial(),
  })
  .partial();

/** The same with every default. */
export const AuditsSchema = z
  .strictObject({
    stability: z.strictObject({
      gate: gate.default(false),
      minimum: minimum.default(0.9),
      measures: measures.default([...stabilityMeasures]),
    }),
    drift: z.strictObject({
      gate: gate.default(false),
      minimum: minimum.default(1),
      shared: shared.default([]),
    }),
    compliance: z.strictObject({ gate: gate.default(false), minimum: minimum.default(0) }),
  })
  .partial();
export type AuditsConfig = z.infer<typeof AuditsSchema>;
