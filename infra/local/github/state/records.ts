/** What people and programs wrote, as the API keeps it. Ids are unique in the whole server, numbers in a repository. */
export interface IssueRecord {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  labels: string[];
  readonly author: string;
  readonly createdAt: Date;
  updatedAt: Date;
  /** Set: it is a pull request. */
  readonly pull?: PullPart;
  /** `gone`: deleted by an administrator; else the address of the issue in another repository. */
  fate?: 'gone' | { readonly movedTo: string };
}

export interface PullPart {
  readonly head: string;
  readonly base: string;
  mergedAt?: Date;
  /** The commit that brought it into its base. */
  mergeSha?: string;
}

export interface CommentRecord {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly author: string;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface LabelRecord {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface DeploymentRecord {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly isProduction: boolean;
  readonly author: string;
  readonly createdAt: Date;
  readonly statuses: DeploymentStatusRecord[];
}

export interface DeploymentStatusRecord {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly author: string;
  readonly createdAt: Date;
}

export interface CheckRunRecord {
  readonly id: number;
  readonly sha: string;
  readonly app: string;
  name: string;
  externalId: string;
  status: string;
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  detailsUrl: string;
  title: string | null;
  summary: string | null;
  readonly annotations: Readonly<Record<string, unknown>>[];
}
