/** The user's input cannot be used; the message says why, and nothing was done. */
export class BadInputError extends Error {
  override readonly name: string = 'BadInputError';
}

/** The input names a run or a service that is not recorded. */
export class UnknownNameError extends BadInputError {
  override readonly name = 'UnknownNameError';
}
