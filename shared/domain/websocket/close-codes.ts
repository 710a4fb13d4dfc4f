const meanings = new Map([
  [1000, 'normal closure'],
  [1001, 'going away: a restart or a removed instance'],
  [1002, 'protocol error'],
  [1003, 'unsupported data'],
  [1005, 'no code given'],
  [1006, 'the connection broke without a close frame: a crash or an intermediary'],
  [1007, 'unreadable data'],
  [1008, 'refused by a policy: often the caller is not authorised'],
  [1009, 'message too large'],
  [1010, 'missing extension'],
  [1011, 'server error'],
  [1012, 'restart'],
  [1013, 'overloaded: try again later'],
  [1014, 'bad gateway'],
  [1015, 'TLS failure'],
]);

/** The codes with which a service that is down closes its connections. */
const down: readonly number[] = [1001, 1006, 1011, 1012, 1013, 1014];

/** A close code in words: `1011 (server error)`. */
export function describeClose(code: number, reason: string): string {
  const meaning = meanings.get(code) ?? (code >= 4_000 ? 'application-defined' : 'undefined code');
  return `${code} (${meaning})${reason === '' ? '' : `: ${reason}`}`;
}

/** True: the code says that the other side could not continue, whatever the request was. */
export function isDown(code: number): boolean {
  return down.includes(code);
}
