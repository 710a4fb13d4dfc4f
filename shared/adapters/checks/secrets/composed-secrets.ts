import type { SecretSource } from '../../../contracts/suites/secret-source.ts';
import { PermanentError } from '../../../domain/errors.ts';
import type { Secrets } from '../../../ports/secrets.ts';

/** Reads one version of a secret: `projects/…/secrets/…/versions/…`. */
export type AccessSecret = (name: string) => Promise<string>;

/**
 * The guard's own settings and credentials. They are refused as secrets, since checks send their secrets to the
 * service.
 */
const reserved = /^(DEPLOY_LOOP_|GOOGLE_|GCLOUD_|CLOUDSDK_|FIRESTORE_|PUBSUB_|K_|NODE_|npm_)/;

/** Secrets of the environment and of Secret Manager, each read once. */
export class ComposedSecrets implements Secrets {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #access: AccessSecret;
  readonly #known = new Map<string, Promise<string>>();

  constructor(environment: Readonly<Record<string, string | undefined>>, access: AccessSecret) {
    this.#environment = environment;
    this.#access = access;
  }

  async value(source: SecretSource): Promise<string> {
    if ('env' in source) return this.#fromEnvironment(source.env);
    const { secretManager: name } = source;
    const known = this.#known.get(name) ?? this.#access(name);
    this.#known.set(name, known);
    try {
      return await known;
    } catch (error) {
      this.#known.delete(name);
      throw error;
    }
  }

  #fromEnvironment(name: string): string {
    if (reserved.test(name))
      throw new PermanentError(`${name} belongs to the guard itself, and cannot be a secret of the config`);
    const value = this.#environment[name];
    if (value === undefined || value === '')
      throw new PermanentError(`the environment variable ${name} of a secret is not set`);
    return value;
  }
}
