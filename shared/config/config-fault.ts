/** One thing wrong in a config file: where it is, what is wrong and how to fix it. */
export interface ConfigFault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** `services[0].health.interval`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** `deploy-loop.yaml:12:7 services[0].health.interval: what is wrong — how to fix it` */
export function formatFault(fault: ConfigFault): string {
  const subject = fault.path === '' ? '' : `${fault.path}: `;
  return `${fault.file}:${fault.line}:${fault.column} ${subject}${fault.message} — ${fault.fix}`;
}
