import { join } from 'node:path';
import { buildValuesOf } from '../../../contracts/expectations/build-variables.ts';
import { fillInAll } from '../../../contracts/suites/references.ts';
import type {
  CommandEnvironments,
  CommandPlace,
  PreparedEnvironment,
} from '../../../ports/command-environments.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import type { IdTokens } from '../../id-tokens/id-tokens.ts';
import { Redactor } from '../redactor.ts';
import { readSecrets } from '../secrets/read-secrets.ts';

export interface SecretEnvironmentsOptions {
  readonly secrets: Secrets;
  readonly tokens: IdTokens;
  /** The environment of which commands inherit a few names, and those of `passEnv`; empty where they run elsewhere. */
  readonly own: Readonly<Record<string, string | undefined>>;
  /** The URL by which a command reaches a target. Absent: the target's own. */
  readonly urlFor?: ((url: string) => Promise<string>) | undefined;
}

/** Environments with the suite's secrets and, if one is available, an ID token. */
export class SecretEnvironments implements CommandEnvironments {
  readonly #options: SecretEnvironmentsOptions;

  constructor(options: SecretEnvironmentsOptions) {
    this.#options = options;
  }

  async prepare(
    suite: Parameters<CommandEnvironments['prepare']>[0],
    place: CommandPlace,
  ): Promise<PreparedEnvironment> {
    const secrets = await readSecrets(suite.secrets, this.#options.secrets);
    if (secrets.kind === 'fault') return secrets;
    const token = await this.#tokenFor(place.target);
    const suiteEnv = fillInAll(suite.env, secrets.values);
    const inherits = inheritedFrom(this.#options.own, suite.passEnv ?? []);
    const url = (await this.#options.urlFor?.(place.target.url)) ?? place.target.url;
    const reached = { ...place, target: { ...place.target, url } };
    const env = childEnvironment(inherits, suiteEnv, secrets.values, reached, token);
    const hidden = token === undefined ? secrets.values : new Map([...secrets.values, ['TOKEN', token]]);
    const redactor = new Redactor(hidden);
    return { kind: 'ready', env, redact: (text) => redactor.redact(text) };
  }

  /** Undefined if no token is available: a public service needs none. */
  async #tokenFor({ authenticate, audience }: CommandPlace['target']): Promise<string | undefined> {
    if (authenticate === 'never') return undefined;
    try {
      return await this.#options.tokens.idToken(audience);
    } catch {
      return undefined;
    }
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The part of the guard's own environment that any command inherits: where tools are and how they speak. No credentials,
 * no HOME, which leads to them, and nothing that has tools load code, such as NODE_OPTIONS.
 */
const inherited =
  /^(PATH|LANG|LANGUAGE|LC_\w+|TMPDIR|TZ|SHELL|USER|LOGNAME|CI|VIRTUAL_ENV|PYENV_\w+|NVM_\w+|JAVA_HOME|GOPATH|GOROOT|SSL_CERT_\w+|PLAYWRIGHT_BROWSERS_PATH)$/;

function inheritedFrom(own: Environment, passEnv: readonly string[]): Environment {
  const { HOME, XDG_CACHE_HOME = HOME === undefined ? undefined : join(HOME, '.cache') } = own;
  const chosen = Object.entries(own).filter(([name]) => inherited.test(name) || passEnv.includes(name));
  // Where pip, go and Playwright keep what they have downloaded: with an empty one, browsers would be missing.
  return { XDG_CACHE_HOME, ...Object.fromEntries(chosen) };
}

function childEnvironment(
  inherits: Environment,
  suiteEnv: Environment,
  secrets: ReadonlyMap<string, string>,
  { target, attempt }: CommandPlace,
  token: string | undefined,
): Record<string, string> {
  const { values: build } = buildValuesOf(target.revision, target.build);
  const all: Environment = {
    ...inherits,
    TERM: 'dumb',
    ...Object.fromEntries(secrets),
    ...suiteEnv,
    DEPLOY_LOOP_URL: target.url,
    DEPLOY_LOOP_WS_URL: target.url.replace(/^http/, 'ws'),
    DEPLOY_LOOP_FORWARDED_HOST: target.forwardedHost,
    DEPLOY_LOOP_RUN_ID: target.runId,
    DEPLOY_LOOP_REVISION: target.revision,
    DEPLOY_LOOP_COMMIT_SHA: build.get('COMMIT_SHA'),
    DEPLOY_LOOP_BUILD_ID: build.get('BUILD_ID'),
    DEPLOY_LOOP_ATTEMPT: String(attempt),
    DEPLOY_LOOP_TOKEN: token,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
