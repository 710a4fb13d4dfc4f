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

/**
 * The fields that we use of a Cloud Build build. Anyone who runs builds can choose its substitutions, tags and step
 * outputs.
 */
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
  /** The service account that the build ran as, as an e-mail address. */
  readonly serviceAccount: string | undefined;
}

export function isTerminalName(status: string): boolean {
  return (terminalStatuses as readonly string[]).includes(status);
}

export function isTerminal(status: BuildStatus): status is TerminalStatus {
  return isTerminalName(status);
}
