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

/** For a service whose deploys cannot be rolled back yet. */
export const noGoodYet =
  'no revision is recorded as good, so there is no rollback target: run deploy-loop apply FILE, or, without records, guard --stable REVISION';
