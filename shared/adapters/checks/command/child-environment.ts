import type { CommandPlace } from '../../../ports/command-environments.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command may have of the guard's own environment: no credentials, and nothing of the CI it runs in. */
const inherited =
  /^(PATH|HOME|LANG|LC_\w+|TMPDIR|TZ|SHELL|USER|LOGNAME|CI|VIRTUAL_ENV|PYENV_\w+|NVM_\w+|JAVA_HOME|GOPATH|GOROOT|SSL_CERT_\w+)$/;

export function childEnvironment(
  own: Environment,
  suiteEnv: Environment,
  secrets: ReadonlyMap<string, string>,
  { target, attempt }: CommandPlace,
  token: string | undefined,
): Record<string, string> {
  const all: Environment = {
    ...Object.fromEntries(Object.entries(own).filter(([name]) => inherited.test(name))),
    TERM: 'dumb',
    ...Object.fromEntries(secrets),
    ...suiteEnv,
    DEPLOY_LOOP_URL: target.url,
    DEPLOY_LOOP_WS_URL: target.url.replace(/^http/, 'ws'),
    DEPLOY_LOOP_RUN_ID: target.runId,
    DEPLOY_LOOP_REVISION: target.revision,
    DEPLOY_LOOP_ATTEMPT: String(attempt),
    DEPLOY_LOOP_TOKEN: token,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
