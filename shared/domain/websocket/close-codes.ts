const meanings = new Map([
  [1000, 'a normal end'],
  [1001, 'it is going away: a restart, or an instance less'],
  [1002, 'a breach of the protocol'],
  [1003, 'a kind of data that it does not take'],
  [1005, 'no code was given'],
  [1006, 'the connection broke without a close frame: a crash, or something in between'],
  [1007, 'data that it could not read'],
  [1008, 'its policy refuses: often the caller is not authorised'],
  [1009, 'a message that is too large'],
  [1010, 'an extension that is missing'],
  [1011, 'an error of the server'],
  [1012, 'it restarts'],
  [1013, 'it is overloaded: try again later'],
  [1014, 'a gateway got no good answer'],
  [1015, 'no secure connection'],
]);

/** With these a service that is down ends what it should have answered. */
const down: readonly number[] = [1001, 1006, 1011, 1012, 1013, 1014];

/** A close code in words: `1011 (an error of the server)`. */
export function describeClose(code: number, reason: string): string {
  const meaning =
    meanings.get(code) ?? (code >= 4_000 ? 'a code of its own' : 'a code that nobody has defined');
  return `${code} (${meaning})${reason === '' ? '' : `: ${reason}`}`;
}

/** True: the code says that the other side could not go on, whatever it was asked. */
export function isDown(code: number): boolean {
  return down.includes(code);
}
