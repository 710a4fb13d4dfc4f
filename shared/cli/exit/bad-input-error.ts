/** The user's input cannot be used; the message says why, and nothing was done. */
export class BadInputError extends Error {
  override readonly name = 'BadInputError';
}
