import type { z } from 'zod';
import type { AuditsOutput, ScanDocument } from '../contracts/output/audits-output.ts';
import type { AuditsRecord } from '../contracts/records.ts';
import { judgeGates } from '../domain/audits/run-audits.ts';
import { dirtyFiles, type Scan } from '../domain/audits/scan.ts';
import type { BuildId } from '../domain/ids.ts';
import { documentOf, orNull, timeOrNull } from './values.ts';

export function auditsOutput(audits: AuditsRecord): z.infer<typeof AuditsOutput> {
  const { results = [], madeAt } = audits;
  return {
    made: audits.results !== undefined,
    madeAt: timeOrNull(madeAt),
    gates: judgeGates(audits),
    results: results.map(({ name, status, score, minimum, gate, baseline, rows }) => ({
      name,
      status,
      score: orNull(score),
      minimum,
      gate,
      baseline: orNull(baseline),
      rows: rows.map((row) => ({
        what: row.what,
        state: row.state,
        value: orNull(row.value),
        baseline: orNull(row.baseline),
        score: orNull(row.score),
        note: orNull(row.note),
      })),
    })),
  };
}

/** `audit`. */
export function scanDocument(build: BuildId, stored: boolean, scan: Scan): z.infer<typeof ScanDocument> {
  const { tools, findings, files } = scan;
  return documentOf({
    build,
    stored,
    tools: [...tools],
    findings: findings.length,
    dirtyFiles: dirtyFiles(scan).size,
    files: orNull(files),
  });
}
