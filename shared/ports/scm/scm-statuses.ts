import type { Repository } from '../../domain/scm/repository.ts';

export interface DeploymentDraft {
  readonly sha: string;
  /** The name of the environment, such as `production`; GitHub makes it at its first deployment. */
  readonly environment: string;
  /** Finds the deployment again; stored in its payload. */
  readonly key: string;
  /** At most 140 characters. */
  readonly description: string;
  readonly isProduction: boolean;
}

export type DeploymentState = 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

export interface DeploymentStatus {
  readonly state: DeploymentState;
  /** At most 140 characters. */
  readonly description: string;
  /** Where the validation's log or report is shown. */
  readonly logUrl?: string;
  /** The deployed service. */
  readonly environmentUrl?: string;
}

export interface CheckRun {
  readonly sha: string;
  readonly name: string;
  /** Finds the check run again among those of its commit and name. */
  readonly externalId: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** Needed with `completed`, and only there. */
  readonly conclusion?: 'success' | 'failure' | 'neutral' | 'cancelled' | 'timed_out' | 'action_required';
  readonly startedAt: Date;
  readonly completedAt?: Date;
  readonly detailsUrl?: string;
  readonly title: string;
  /** Markdown; at most 60,000 bytes. */
  readonly summary: string;
  /** At most 50. */
  readonly annotations: readonly CheckAnnotation[];
}

export interface CheckAnnotation {
  readonly path: string;
  /** From 1. */
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  /** At most 255 characters. */
  readonly title: string;
  /** At most 64 KB. */
  readonly message: string;
}

/** What is shown beside a commit and in the repository's list of deployments. */
export interface ScmStatuses {
  /**
   * The deployment of the draft's `key`, made unless it exists. Idempotent but for two callers at once.
   * @returns its id
   * @throws {NotFoundError} GitHub does not know the commit
   * @throws {UnknownOutcomeError} the answer was lost; call again
   */
  ensureDeployment(repository: Repository, draft: DeploymentDraft): Promise<number>;
  /** Adds a status unless the latest one says the same. @throws {UnknownOutcomeError} the answer was lost; call again */
  setDeploymentStatus(repository: Repository, deploymentId: number, status: DeploymentStatus): Promise<void>;
  /**
   * Makes or updates the check run of this commit, name and external id; annotations are sent once, while it has none
   * (GitHub adds to them and removes none): with its completion. Only a GitHub App may do this.
   * @returns its page
   * @throws {PermanentError} it is no App, or summary or annotations are over their limits
   * @throws {UnknownOutcomeError} the answer was lost; call again
   */
  putCheckRun(repository: Repository, run: CheckRun): Promise<string>;
}
