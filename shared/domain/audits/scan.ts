/** One finding of a static analysis. */
export interface Finding {
  /** 20 hex digits: the same finding in another scan has the same. */
  readonly key: string;
  readonly rule: string;
  /** As the tool names it; empty: the finding has no place. */
  readonly file: string;
}

/** What static analysis found in the sources of a build. */
export interface Scan {
  readonly tools: readonly string[];
  readonly findings: readonly Finding[];
  /** All files that were looked at; absent: the tools do not say. */
  readonly files?: number | undefined;
}

/** The files that have a finding. */
export function dirtyFiles({ findings }: Pick<Scan, 'findings'>): ReadonlySet<string> {
  return new Set(findings.map(({ file }) => file).filter((file) => file !== ''));
}

/** The findings that the other scan does not have. */
export function newFindings(
  scan: Pick<Scan, 'findings'>,
  before: Pick<Scan, 'findings'>,
): readonly Finding[] {
  const known = new Set(before.findings.map(({ key }) => key));
  return scan.findings.filter(({ key }) => !known.has(key));
}
