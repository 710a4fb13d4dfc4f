/** Where OpenID Connect tokens come from that say to a private service who asks. */
export interface IdTokens {
  /**
   * A signed token for `audience`, valid for some minutes at least; asking again is cheap.
   *
   * @param audience the URL of the service, never of one of its tags
   * @throws {PermanentError} nobody is signed in who could have one; the message says what to do
   */
  idToken(audience: string): Promise<string>;
}
