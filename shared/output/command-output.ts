import type { z } from 'zod';
import type { ConfigFault } from '../config/config-fault.ts';
import type { AppliedDocument, ConfigDocument, TestsDocument } from '../contracts/output/command-output.ts';
import type { ValidatedDocument } from '../contracts/output/run-output.ts';
import type { ServiceRef } from '../domain/ids.ts';
import type { AppliedService } from '../services/apply-config.ts';
import type { RunReport, TestReport } from '../services/query-reports.ts';
import { type ReviewedRun, reviewedOutput, runReportOutput } from './run-output.ts';
import { documentOf, orNull, serviceOf, timeOf, timeOrNull } from './values.ts';

/** `guard`, `rerun`. @param whyNothing present: there is no run to report */
export function validatedDocument(
  reports: readonly ReviewedRun[],
  whyNothing: string | undefined,
  exitCode: number,
): z.infer<typeof ValidatedDocument> {
  return documentOf({ runs: reports.map(reviewedOutput), whyNothing: orNull(whyNothing) }, exitCode);
}

/** `apply`. @param good the last good revision of each service, by name */
export function appliedDocument(
  digest: string,
  services: readonly AppliedService[],
  good: ReadonlyMap<string, string | undefined>,
  reports: readonly RunReport[],
  exitCode: number,
): z.infer<typeof AppliedDocument> {
  return documentOf(
    {
      digest,
      services: services.map(({ name, exists, serving }) => ({
        name,
        exists,
        serving: orNull(serving),
        lastGood: orNull(good.get(name)),
      })),
      runs: reports.map(runReportOutput),
    },
    exitCode,
  );
}

/** `validate`. */
export function configDocument(
  digest: string,
  services: readonly string[],
  warnings: readonly ConfigFault[],
): z.infer<typeof ConfigDocument> {
  return documentOf({ digest, services: [...services], warnings: warnings.map(faultOutput) });
}

export function faultOutput({ file, line, column, path, message, fix }: ConfigFault) {
  return { file, line, column, path, message, fix };
}

/** What `tests` shows of a test. */
type ShownTest = Pick<
  TestReport,
  'suite' | 'id' | 'environment' | 'failing' | 'firstFailureAt' | 'lastFailureAt' | 'seenAt'
> & {
  readonly runs: number;
  readonly medianMs: number | undefined;
  readonly failureRate: number;
  readonly flakyRate: number;
};

/** `tests`. @param total how many there are, shown or not */
export function testsDocument(
  { name, ref }: { readonly name: string; readonly ref: ServiceRef },
  tests: readonly ShownTest[],
  total: number,
): z.infer<typeof TestsDocument> {
  return documentOf({
    service: serviceOf(name, ref),
    tests: tests.map(({ suite, id, environment, runs, medianMs, failureRate, flakyRate, ...rest }) => ({
      suite,
      id,
      environment,
      runs,
      medianMs: orNull(medianMs),
      failureRate,
      flakyRate,
      failing: rest.failing ? { revision: rest.failing.revision, since: timeOf(rest.failing.since) } : null,
      firstFailureAt: timeOrNull(rest.firstFailureAt),
      lastFailureAt: timeOrNull(rest.lastFailureAt),
      seenAt: timeOf(rest.seenAt),
    })),
    total,
  });
}
