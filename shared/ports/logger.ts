export type LogFields = Readonly<Record<string, unknown>>;

/** Objects first: `log.info({ runId, stage }, 'stage decided')`. Fields never hold a secret, a token or a header. */
export interface Logger {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}
