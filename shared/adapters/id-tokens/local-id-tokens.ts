import type { IdTokens } from './id-tokens.ts';

/** The tokens that the local Cloud Run takes for a private service. They open nothing else. */
export class LocalIdTokens implements IdTokens {
  async idToken(audience: string): Promise<string> {
    return `local:${audience}`;
  }
}
