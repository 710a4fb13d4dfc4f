import type { BuildId } from './ids.ts';

export const terminalStatuses = [
  'SUCCESS',
  'FAILURE',
  'INTERNAL_ERROR',
  'TIMEOUT',
  'CANCELLED',
  'EXPIRED',
] as const;
export type TerminalStatus = (typeof terminalStatuses)[number];
export type BuildStatus = TerminalStatus | 'STATUS_UNKNOWN' | 'PENDING' | 'QUEUED' | 'WORKING';

/** What we use of a Cloud Build build. Substitutions, tags and step outputs are written by whoever runs builds. */
export interface Build {
  readonly id: BuildId;
  /** `projects/{p}/locations/{region}/builds/{id}` */
  readonly name: string;
  readonly projectId: string;
  readonly status: BuildStatus;
  readonly startTime: Date | undefined;
  readonly finishTime: Date | undefined;
  readonly triggerId: string | undefined;
  readonly substitutions: Readonly<Record<string, string>>;
  /** What each step wrote to `$BUILDER_OUTPUT/output`, decoded. */
  readonly stepOutputs: readonly string[];
  /** The account the build ran as, as e-mail. */
  readonly serviceAccount: string | undefined;
}

export function isTerminalName(status: string): boolean {
  return (terminalStatuses as readonly string[]).includes(status);
}

export function isTerminal(status: BuildStatus): status is TerminalStatus {
  return isTerminalName(status);
}
