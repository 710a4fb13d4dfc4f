import { z } from 'zod';

// As strict as a judgement needs, and as tolerant as the standard: everything else may be there, and may be missing.

/** -1 stands for none in SARIF. */
const index = z.int().min(-1).nullish();
const text = z.string().nullish();

const ArtifactLocation = z.object({ uri: text, index });

const Result = z.object({
  ruleId: text,
  ruleIndex: index,
  rule: z.object({ id: text, index }).nullish(),
  kind: text,
  level: text,
  message: z.object({ text, markdown: text, id: text, arguments: z.array(z.string()).nullish() }).nullish(),
  locations: z
    .array(
      z.object({ physicalLocation: z.object({ artifactLocation: ArtifactLocation.nullish() }).nullish() }),
    )
    .nullish(),
  partialFingerprints: z.record(z.string(), z.string()).nullish(),
  suppressions: z.array(z.object({ status: text })).nullish(),
  baselineState: text,
});
export type SarifResult = z.infer<typeof Result>;

const Rule = z.object({
  id: text,
  defaultConfiguration: z.object({ level: text, enabled: z.boolean().nullish() }).nullish(),
});

const Run = z.object({
  tool: z.object({ driver: z.object({ name: z.string(), rules: z.array(Rule).nullish() }) }),
  results: z.array(Result).nullish(),
  artifacts: z.array(z.object({ location: ArtifactLocation.nullish() })).nullish(),
});
export type SarifRun = z.infer<typeof Run>;

/** A log of SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0). */
export const SarifSchema = z.object({ version: z.literal('2.1.0'), runs: z.array(Run).min(1) });
export type Sarif = z.infer<typeof SarifSchema>;
