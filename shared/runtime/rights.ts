/**
 * The rights of a function's account; nothing else is granted. The table of hops and Terraform use the key, the README
 * the text.
 */
export const rights = {
  /** Services and revisions. */
  'read-services': 'read Cloud Run',
  /** Traffic and annotations. Only one function has this right. */
  'update-services': 'update services',
  'read-builds': 'read Cloud Build',
  'read-request-logs': 'read request logs',
  /** What the platform and the containers write. */
  'read-logs': "read the services' logs",
  /** Invoke them, and pass their ID tokens to jobs that call them instead. */
  'ask-services': 'ask the services',
  /** Also read and cancel their executions. */
  'start-jobs': 'start the jobs of suites',
  /** Those that the config names: of suites, of GitHub and of webhooks. */
  'read-secrets': "read the config's secrets",
  /** GitHub and webhooks, each with a credential of its own: an account of Google Cloud needs no role for it. */
  'tell-others': 'call GitHub and webhooks',
  'read-records': 'read Firestore',
  'write-records': 'read and write Firestore',
} as const;

export type Right = keyof typeof rights;
