import type { IdTokens } from './id-tokens.ts';

/** The tokens that the local Cloud Run accepts for a private service. They are worthless elsewhere. */
export class LocalIdTokens implements IdTokens {
  async idToken(audience: string): Promise<string> {
    return `local:${audience}`;
  }
}
