import type { SecretSource } from '../../contracts/suites/secret-source.ts';
import type { Repository } from '../../domain/scm/repository.ts';
import type { ScmAccess } from '../../domain/scm/scm-access.ts';
import type { ScmChanges } from './scm-changes.ts';
import type { ScmComments } from './scm-comments.ts';
import type { ScmCommits } from './scm-commits.ts';
import type { ScmIssues } from './scm-issues.ts';
import type { ScmStatuses } from './scm-statuses.ts';

/**
 * A place where source code, issues and deployments are kept (GitHub), by one credential. No call waits for a rate
 * limit: it throws, and `retryAfterMs` says when to call again.
 *
 * Each method throws
 * - {TransientError} no answer, 5xx, 429 or a rate limit, with `retryAfterMs` where GitHub names a time;
 * - {UnknownOutcomeError} only what creates something: the answer was lost, it may exist. Look for it before another try;
 * - {PermanentError} not permitted, refused as malformed, archived, or gone; the message names the call and GitHub's words,
 *   never a header or a credential;
 * - {CredentialsError} the token or the App's key is missing, malformed, expired or revoked.
 *
 * Texts are passed on as they are: the caller has bounded them and taken secrets and mentions out.
 */
export interface Scm {
  readonly issues: ScmIssues;
  readonly comments: ScmComments;
  readonly statuses: ScmStatuses;
  readonly commits: ScmCommits;
  readonly changes: ScmChanges;
  /** What the credential may do with `repository`. */
  access(repository: Repository): Promise<ScmAccess>;
}

/** How a repository's host is reached, as the config says it; holds no secret itself. */
export interface ScmConnection {
  /** `https://api.github.com`, or `https://HOST/api/v3` of GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly auth: ScmAuth;
}

export type ScmAuth =
  | { readonly kind: 'token'; readonly token: SecretSource }
  | {
      readonly kind: 'app';
      readonly appId: number;
      readonly installationId: number;
      /** PEM, PKCS#1 or PKCS#8. */
      readonly privateKey: SecretSource;
    };

export interface ScmHosts {
  /**
   * One `Scm` per connection and process, so that pauses between calls and installation tokens are shared. Makes no call.
   * @throws {PermanentError} `apiUrl` is neither https nor an allowed local address
   */
  connect(connection: ScmConnection): Scm;
}
