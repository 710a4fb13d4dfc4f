/** What to print in place of an empty table: why it is empty, and what fills it. */
export const noRuns = 'no run is recorded yet: guard a deploy with deploy-loop guard';
export const noSuchRuns = 'no run matches: deploy-loop runs without filters lists all\n';
export const noServices = 'no service is recorded yet: run deploy-loop apply FILE\n';

export function noTests(service: string): string {
  return `no test of ${service} is recorded yet: its suites run with each deploy that is guarded\n`;
}

export function noChanges(service: string): string {
  return `no traffic change of ${service} is recorded yet: deploys that take traffic by themselves are not listed\n`;
}

/** Below one page of a list: how to get the next one; empty below the last page. */
export function olderThan({ nextCursor }: { readonly nextCursor?: string | undefined }): string {
  return nextCursor === undefined ? '' : `\nolder ones: add --cursor ${nextCursor}\n`;
}

/** For a service whose deploys cannot be rolled back yet. */
export const noGoodYet =
  'no revision is recorded as good yet, so there is no rollback target: deploy-loop apply FILE records what serves, if it is healthy (without records: guard --stable REVISION)';
