/** What should be done next. Advice for people: traffic is moved by the rules of traffic alone. */
export const suggestedActions = ['rollback', 'retry', 'fix-test', 'fix-config', 'none'] as const;
export type SuggestedAction = (typeof suggestedActions)[number];

export interface Remediation {
  readonly now: string;
  readonly next: string;
  readonly later: string;
}

export interface CategoryFacts {
  readonly action: SuggestedAction;
  readonly remediation: Remediation;
}

const goBack = 'Put traffic back on the last verified-good revision.';
const smokeTest = 'Start the image once in the build, and ask its health path, before it is deployed.';
const startupTest: Remediation = {
  now: goBack,
  next: 'Fix the fault in the commit that was deployed, and deploy again.',
  later: smokeTest,
};
const behaviourTest: Remediation = {
  now: goBack,
  next: 'Fix the fault in the commit that was deployed, and deploy again.',
  later: 'Add a check of this path to the suites, so that it is found before users find it.',
};
const dependency: Remediation = {
  now: 'Check whether the dependency itself is up; a rollback does not bring it back.',
  next: 'Fix the address, the credentials or the route (VPC, egress, firewall) to it.',
  later: 'Let the health path report the dependency apart from the service.',
};
const testFault: Remediation = {
  now: 'Do not blame the deploy: the test itself is at fault.',
  next: 'Fix the test, then validate the revision again.',
  later: 'Run the suite against stable each night, so that such a test is noticed without a deploy.',
};

/**
 * Every category: coarse before the slash, fine after it. Stored and printed, so a name never changes its meaning.
 */
export const categories = {
  'container-startup-failure/syntax-error': { action: 'rollback', remediation: startupTest },
  'container-startup-failure/missing-module': { action: 'rollback', remediation: startupTest },
  'container-startup-failure/runtime-exception': { action: 'rollback', remediation: startupTest },
  'container-startup-failure/exec-format-error': {
    action: 'rollback',
    remediation: {
      now: goBack,
      next: 'Build the image for linux/amd64 (docker build --platform linux/amd64).',
      later: smokeTest,
    },
  },
  'container-startup-failure/entrypoint': {
    action: 'rollback',
    remediation: {
      now: goBack,
      next: 'Fix the command of the image: the file must exist, be executable, and have its interpreter.',
      later: smokeTest,
    },
  },
  'line-ending-corruption': {
    action: 'rollback',
    remediation: {
      now: goBack,
      next: 'Store the script with LF line ends, and build again.',
      later: 'Add `*.sh text eol=lf` to .gitattributes.',
    },
  },
  'port-not-listening/startup-timeout': {
    action: 'fix-config',
    remediation: {
      now: 'Leave traffic where it is: a revision that never listened gets none.',
      next: 'Listen on 0.0.0.0 and on the port in $PORT; allow a longer startup probe if the start is slow.',
      later: smokeTest,
    },
  },
  'missing-env-or-secret': {
    action: 'fix-config',
    remediation: {
      now: 'Put traffic back if users are affected.',
      next: 'Set the variable or secret on the service, and deploy again.',
      later: 'Check all required settings when the process starts, and name each one that is missing.',
    },
  },
  'config-drift': {
    action: 'fix-config',
    remediation: {
      now: 'Compare the settings of the revision with those of the last good one.',
      next: 'Restore the setting that differs.',
      later: "Keep the service's settings in one declared file that every deploy uses.",
    },
  },
  'permission-denied/IAM': {
    action: 'fix-config',
    remediation: {
      now: 'Find the account and the permission that the message names.',
      next: 'Grant the role to the runtime service account, then deploy again.',
      later: 'Declare the grant where the service is declared.',
    },
  },
  'auth-failure': {
    action: 'fix-config',
    remediation: {
      now: 'Check whether stable refuses the same call.',
      next: 'Compare the keys, audiences and accounts of the two sides.',
      later: 'Add a check that logs in as a user does.',
    },
  },
  'database-schema-mismatch': {
    action: 'fix-config',
    remediation: {
      now: 'Find out which schema the database has.',
      next: 'Apply the migration that this version expects.',
      later: 'Run migrations before the deploy, and keep them compatible with the version that serves.',
    },
  },
  'dependency-unavailable/db': { action: 'fix-config', remediation: dependency },
  'dependency-unavailable/redis': { action: 'fix-config', remediation: dependency },
  'dependency-unavailable/vpc': { action: 'fix-config', remediation: dependency },
  'dependency-unavailable/dns': { action: 'fix-config', remediation: dependency },
  'dependency-unavailable/tls': { action: 'fix-config', remediation: dependency },
  'dependency-unavailable/service': { action: 'fix-config', remediation: dependency },
  'dependency-unavailable/external-api': { action: 'fix-config', remediation: dependency },
  'out-of-memory': {
    action: 'fix-config',
    remediation: {
      now: 'Raise the memory limit if users are affected.',
      next: 'Compare the limit and the use with those of the last good revision.',
      later: 'Watch memory per request, and lower the concurrency if it grows with it.',
    },
  },
  'request-timeout': {
    action: 'fix-config',
    remediation: {
      now: 'See which requests take so long, and whether they do so on stable.',
      next: 'Make the work shorter or asynchronous, or raise the request timeout.',
      later: 'Set an expectation for the response time of this path.',
    },
  },
  'no-available-instance/scaling': {
    action: 'retry',
    remediation: {
      now: 'Try again: the platform had no instance at that moment.',
      next: 'Raise the maximum of instances or the concurrency, or keep a minimum.',
      later: 'Set an alert on the number of instances.',
    },
  },
  'quota/rate-limit': {
    action: 'retry',
    remediation: {
      now: 'Wait until the quota is free again, then try again.',
      next: 'Ask less often: cache, batch, or spread the calls.',
      later: 'Raise the quota, with an alert before it is used up.',
    },
  },
  'platform-incident': {
    action: 'retry',
    remediation: {
      now: 'Wait, and look at https://status.cloud.google.com: unrelated services are affected too.',
      next: 'Validate the revision again once the incident is over.',
      later: 'None: the platform was at fault.',
    },
  },
  'image-not-found': {
    action: 'fix-config',
    remediation: {
      now: 'Check the name, tag and region of the image.',
      next: 'Push the image, or fix the reference, then deploy again.',
      later: 'Deploy by digest, and keep the images of served revisions from being cleaned up.',
    },
  },
  'build-failure': {
    action: 'none',
    remediation: {
      now: 'None: nothing was deployed.',
      next: 'Fix the build.',
      later: 'None.',
    },
  },
  'version-mismatch': {
    action: 'fix-config',
    remediation: {
      now: 'Compare the versions of the services that belong together.',
      next: 'Deploy the one that was left behind, or fix the setting that pins its version.',
      later: 'Label each revision with its commit, and compare the labels after each deploy.',
    },
  },
  'fix-not-deployed': {
    action: 'fix-config',
    remediation: {
      now: 'Compare the commit of the serving revision with the one that was meant.',
      next: 'Deploy the commit, or move traffic to the revision that has it.',
      later: 'Label each revision with its commit.',
    },
  },
  'app-logic-regression': { action: 'rollback', remediation: behaviourTest },
  'websocket-internal-error(1011)': { action: 'rollback', remediation: behaviourTest },
  'websocket-abnormal-closure(1006)': { action: 'none', remediation: behaviourTest },
  'websocket-handshake-failure': { action: 'fix-config', remediation: behaviourTest },
  'websocket-handshake-failure/subprotocol': { action: 'fix-config', remediation: behaviourTest },
  'fake-test': { action: 'fix-test', remediation: testFault },
  'test-collection-error': { action: 'fix-test', remediation: testFault },
  'test-timeout/hang': { action: 'fix-test', remediation: testFault },
  'test-code-error': { action: 'fix-test', remediation: testFault },
  'test-environment-misconfigured': {
    action: 'fix-config',
    remediation: {
      now: 'Do not blame the deploy: the tests were set up for something else.',
      next: 'Give the test run the addresses, keys and browsers that it needs, and run it again.',
      later: 'Check the settings of the test run before its first test.',
    },
  },
  'healthy/none': {
    action: 'none',
    remediation: { now: 'None: nothing is broken.', next: 'None.', later: 'None.' },
  },
  unknown: {
    action: 'none',
    remediation: {
      now: 'Look at the evidence: it does not name a cause.',
      next: 'Get what is missing, then diagnose again.',
      later: 'Let the service log the reason of its failure as its last line.',
    },
  },
} as const satisfies Readonly<Record<string, CategoryFacts>>;

export type Category = keyof typeof categories;

export function coarseOf(category: string): string {
  return category.split('/', 1)[0] ?? category;
}
