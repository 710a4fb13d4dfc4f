/** A source of OpenID Connect tokens that identify the caller to a private service. */
export interface IdTokens {
  /**
   * A signed token for `audience`, valid for at least some minutes; asking again is cheap.
   *
   * @param audience the URL of the service, never of one of its tags
   * @throws {PermanentError} no account is signed in that can get one; the message says what to do
   */
  idToken(audience: string): Promise<string>;
}
