/** A repository on GitHub. The names are parts of URLs: make one with `parseRepository` only. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** GitHub: letters, digits and single dashes inside; at most 39 characters. Enterprise Managed Users add `_short`. */
const ownerName = /^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:_[A-Za-z0-9]{1,38})?$/;
/** GitHub: letters, digits, dots, dashes and underscores; at most 100 characters; `.` and `..` are reserved. */
const repositoryName = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** @returns undefined unless `text` is `owner/name` of what GitHub accepts as names */
export function parseRepository(text: string): Repository | undefined {
  const [owner = '', name = '', ...rest] = text.split('/');
  return rest.length === 0 && ownerName.test(owner) && repositoryName.test(name)
    ? { owner, name }
    : undefined;
}

/** `owner/name`. */
export function repositoryText({ owner, name }: Repository): string {
  return `${owner}/${name}`;
}

/** 40 hex digits (SHA-1), or 64 in a repository of SHA-256. */
export function isCommitSha(text: string): boolean {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(text);
}
