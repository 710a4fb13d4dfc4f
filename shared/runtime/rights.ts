/**
 * What the account of a function may do; nothing else is granted. The key is what the table of functions and Terraform
 * go by, the text is how the README names it.
 */
export const rights = {
  /** Services and revisions. */
  'read-services': 'read Cloud Run',
  /** Traffic and annotations. One function alone has it. */
  'update-services': 'update services',
  'read-builds': 'read Cloud Build',
  'read-request-logs': 'read request logs',
  /** Invoke them, and hand their ID token to whoever asks them instead. */
  'ask-services': 'ask the services',
  /** And look at their executions, and end them. */
  'start-jobs': 'start the jobs of suites',
  'read-secrets': "read the suites' secrets",
  'read-records': 'read Firestore',
  'write-records': 'read and write Firestore',
} as const;

export type Right = keyof typeof rights;
