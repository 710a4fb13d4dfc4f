export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

/** A date as google.protobuf.Timestamp. */
export function timestampOf(date: Date): Timestamp {
  const ms = date.getTime();
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1_000_000 };
}
