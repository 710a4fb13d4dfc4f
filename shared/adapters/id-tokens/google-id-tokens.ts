import type { GoogleAuth, IdTokenClient } from 'google-auth-library';
import { PermanentError } from '../../domain/errors.ts';
import type { IdTokens } from './id-tokens.ts';

const hint =
  'run as a service account: on Google Cloud, with GOOGLE_APPLICATION_CREDENTIALS, or after ' +
  '`gcloud auth application-default login --impersonate-service-account=ACCOUNT`';

/**
 * ID tokens of the account that the process runs as (Application Default Credentials). Meant for service accounts: a
 * token from a person's credentials has another audience, which Cloud Run may refuse.
 */
export class GoogleIdTokens implements IdTokens {
  #auth: Promise<GoogleAuth> | undefined;
  /** Each client keeps its token until shortly before it expires. */
  readonly #clients = new Map<string, IdTokenClient>();

  async idToken(audience: string): Promise<string> {
    try {
      const client = await this.#clientFor(audience);
      const headers = await client.getRequestHeaders();
      const [, token] = /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '') ?? [];
      if (token !== undefined) return token;
    } catch (cause) {
      // The library's errors carry the request, and so may carry credentials: only our own text is shown.
      throw new PermanentError(`Google returned no ID token for ${audience}; ${hint}`, { cause });
    }
    throw new PermanentError(`Google returned an empty ID token for ${audience}; ${hint}`);
  }

  async #clientFor(audience: string): Promise<IdTokenClient> {
    const known = this.#clients.get(audience);
    if (known) return known;
    // Loaded at the first probe of a private service: it takes longer to load than everything else here.
    this.#auth ??= import('google-auth-library').then((library) => new library.GoogleAuth());
    const client = await (await this.#auth).getIdTokenClient(audience);
    this.#clients.set(audience, client);
    return client;
  }
}
