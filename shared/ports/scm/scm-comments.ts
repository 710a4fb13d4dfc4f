import type { Repository } from '../../domain/scm/repository.ts';

export interface ScmComment {
  readonly id: number;
  readonly body: string;
  /** The login of its author; an App's ends with `[bot]`. Undefined: the account is gone. */
  readonly author: string | undefined;
  readonly url: string;
}

/** Comments under an issue or a pull request: GitHub numbers both together. */
export interface ScmComments {
  /** Oldest first. One call per 100 comments. @throws {NotFoundError} no such issue */
  list(repository: Repository, number: number): Promise<ScmComment[]>;
  /**
   * Not idempotent.
   * @param body at most 65,536 characters
   * @throws {NotFoundError} no such issue
   * @throws {UnknownOutcomeError} the answer was lost; it may exist
   */
  create(repository: Repository, number: number, body: string): Promise<ScmComment>;
  /** Idempotent. @throws {NotFoundError} it was deleted */
  update(repository: Repository, commentId: number, body: string): Promise<ScmComment>;
}
