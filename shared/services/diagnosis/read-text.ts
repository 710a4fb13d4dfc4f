import type { Repository } from '../../domain/scm/repository.ts';
import type { ScmCommits } from '../../ports/scm/scm-commits.ts';

const maxBytes = 1_000_000;

/** The text of a file of a commit; undefined: there is none, or it is larger than 1 MB, or no UTF-8. */
export async function readText(
  commits: Pick<ScmCommits, 'readFile'>,
  repository: Repository,
  sha: string,
  path: string,
): Promise<string | undefined> {
  const content = await commits.readFile(repository, sha, path, maxBytes);
  if (content?.kind !== 'file') return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content.bytes);
  } catch {
    return undefined;
  }
}
