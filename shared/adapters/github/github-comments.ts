import type { Repository } from '../../domain/scm/repository.ts';
import type { ScmComment, ScmComments } from '../../ports/scm/scm-comments.ts';
import { CommentSchema, routed } from './answers.ts';
import type { GithubClient } from './github-client.ts';

/** docs.github.com/rest/issues/comments */
export class GithubComments implements ScmComments {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  list(repository: Repository, number: number): Promise<ScmComment[]> {
    return this.#client.list(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { ...routed(repository), issue_number: number },
      CommentSchema.array(),
    );
  }

  create(repository: Repository, number: number, body: string): Promise<ScmComment> {
    return this.#client.get(
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { ...routed(repository), issue_number: number, body },
      CommentSchema,
    );
  }

  update(repository: Repository, commentId: number, body: string): Promise<ScmComment> {
    return this.#client.get(
      'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
      { ...routed(repository), comment_id: commentId, body },
      CommentSchema,
    );
  }
}
