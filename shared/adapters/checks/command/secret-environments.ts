import { fillInAll } from '../../../contracts/suites/references.ts';
import type {
  CommandEnvironments,
  CommandPlace,
  PreparedEnvironment,
} from '../../../ports/command-environments.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import type { IdTokens } from '../../id-tokens/id-tokens.ts';
import { readSecrets } from '../secrets/read-secrets.ts';
import { childEnvironment } from './child-environment.ts';

export interface SecretEnvironmentsOptions {
  readonly secrets: Secrets;
  readonly tokens: IdTokens;
  /** What commands inherit some names of; empty where they run elsewhere. */
  readonly own: Readonly<Record<string, string | undefined>>;
}

/** Environments with the suite's secrets, and with an ID token where one is to be had. */
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
    const env = childEnvironment(this.#options.own, suiteEnv, secrets.values, place, token);
    const hide = (text: string) => (token === undefined ? text : text.replaceAll(token, '[TOKEN]'));
    return { kind: 'ready', env, redact: (text) => secrets.redactor.redact(hide(text)) };
  }

  /** Absent where none is to be had: a public service needs none. */
  async #tokenFor({ authenticate, audience }: CommandPlace['target']): Promise<string | undefined> {
    if (authenticate === 'never') return undefined;
    try {
      return await this.#options.tokens.idToken(audience);
    } catch {
      return undefined;
    }
  }
}
