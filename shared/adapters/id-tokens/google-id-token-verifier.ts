import type { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { TransientError } from '../../domain/errors.ts';

/** Public keys or certificates in PEM, by key id. */
const KeysSchema = z.record(z.string(), z.string().startsWith('-----BEGIN '));

const issuers = ['https://accounts.google.com', 'accounts.google.com'];
const timeoutMs = 5_000;

/** Verifies Google's ID tokens by its own library, which keeps the keys for as long as Google's response says. */
export class GoogleIdTokenVerifier {
  readonly #keysUrl: string | undefined;
  #client: Promise<OAuth2Client> | undefined;

  /** @param keysUrl where the keys are. Default: Google's address */
  constructor(keysUrl?: string) {
    this.#keysUrl = keysUrl;
  }

  /**
   * True: Google has signed it for `audience`, and it is valid now, give or take five minutes.
   *
   * @throws {TransientError} Google's public keys are not available
   */
  async isSigned(token: string, audience: string): Promise<boolean> {
    this.#client ??= this.#open();
    const client = await this.#client;
    const keys = await readKeys(client);
    try {
      await client.verifySignedJwtWithCertsAsync(token, keys, audience, issuers);
      return true;
    } catch {
      // The library's text quotes the token.
      return false;
    }
  }

  async #open(): Promise<OAuth2Client> {
    const { OAuth2Client } = await import('google-auth-library');
    const endpoints = this.#keysUrl === undefined ? {} : { oauth2FederatedSignonPemCertsUrl: this.#keysUrl };
    return new OAuth2Client({ endpoints, transporterOptions: { timeout: timeoutMs } });
  }
}

async function readKeys(client: OAuth2Client): Promise<z.infer<typeof KeysSchema>> {
  try {
    const { certs } = await client.getFederatedSignonCertsAsync();
    return KeysSchema.parse(certs);
  } catch (cause) {
    throw new TransientError("Google's public keys are not available", { cause });
  }
}
