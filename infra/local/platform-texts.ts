/** Sentences of Cloud Run itself, word for word: the guard's rules recognise the platform by them. */

export const startFailureText =
  'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 ' +
  'environment variable within the allocated timeout. This can happen when the container port is misconfigured ' +
  'or if the timeout is too short. The health check timeout can be extended. Logs for this revision might ' +
  'contain more information.';

export const brokenInstanceText =
  'The request failed because either the HTTP response was malformed or connection to the instance had an error.';

export const cannotStartText = 'The request failed because the instance could not start successfully.';

export const notAuthenticatedText =
  'The request was not authenticated. Either allow public access or set the proper Authorization header.';

/** The page of Google's front end for a host, tag or service that it does not know (or not yet). */
export const notFoundPage = `
<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>404 Page not found</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: Page not found</h1>
<h2>The requested URL was not found on this server.</h2>
<h2></h2>
</body></html>
`;

export function notReadyText(revision: string, cause: string): string {
  return `Revision '${revision}' is not ready and cannot serve traffic. ${cause}`;
}

export function noSuchRevisionText(revision: string): string {
  return `Revision ${revision} does not exist or is deleted`;
}

export function staleEtagText(service: string, given: string, current: string): string {
  return (
    `Conflict for resource '${service}': version '${given}' was specified but current version is ` +
    `'${current}'.`
  );
}

export function revisionExistsText(revision: string): string {
  return `Revision named '${revision}' with different configuration already exists.`;
}

/** What Cloud Logging shows when a container's main process ends. */
export function exitText(exit: {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}): string {
  if (exit.signal === 'SIGABRT') return 'Uncaught signal: 6, pid=1, tid=1, fault_addr=0.';
  if (exit.signal === 'SIGSEGV') return 'Uncaught signal: 11, pid=1, tid=1, fault_addr=0.';
  if (exit.signal === 'SIGKILL') return 'Container terminated on signal 9.';
  return `Container called exit(${exit.code ?? 1}).`;
}

/** @param status `CANCELLED`: the process ended before it listened; `DEADLINE_EXCEEDED`: it lives but never listened */
export function probeFailureText(container: string, status: 'CANCELLED' | 'DEADLINE_EXCEEDED'): string {
  return (
    `Default STARTUP TCP probe failed 1 time consecutively for container "${container}" on port 8080. ` +
    `The instance was not started. Connection failed with status ${status}.`
  );
}

/** Public reports, such as https://github.com/PolicyEngine/policyengine-api/issues/3729 */
export function tagTooLongText(tag: string, service: string): string {
  return `spec.traffic.tag: traffic tag '${tag}' and service name '${service}' together are too long. Combined traffic tag and service name cannot exceed 46 characters.`;
}
