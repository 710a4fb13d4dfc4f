/** What a credential is, and what it may do with one repository. */
export type ScmAccess =
  | {
      readonly kind: 'app';
      /** GitHub's names, such as `issues`, `checks`, `deployments`, `contents`, `pull_requests`, `metadata`. */
      readonly permissions: Readonly<Record<string, ScmPermission>>;
    }
  /** Its permissions can't be read: GitHub has no call for them. */
  | { readonly kind: 'fine-grained-token'; readonly expiresAt: Date | undefined }
  /** A personal access token (classic): it reaches every repository that its user reaches. */
  | {
      readonly kind: 'classic-token';
      readonly scopes: readonly string[];
      readonly expiresAt: Date | undefined;
    };

export type ScmPermission = 'read' | 'write' | 'admin';

/** What a warning about a credential is made of. */
export type AccessFinding =
  /** It reaches more repositories than one. */
  | { readonly kind: 'classic-token'; readonly scopes: readonly string[] }
  /** It may do what the guard never does. */
  | { readonly kind: 'over-scoped'; readonly permissions: readonly string[] }
  /** It may not do what the guard is to do. */
  | { readonly kind: 'missing'; readonly permissions: readonly string[] }
  /** GitHub lets only Apps write check runs. */
  | { readonly kind: 'no-check-runs' };

const ranks: Readonly<Record<ScmPermission, number>> = { read: 1, write: 2, admin: 3 };

/** What the guard is to do beside issues, check runs and deployments. */
export interface ScmUse {
  /** It proposes changes by pull requests. */
  readonly prevention: boolean;
  /** It comments on the pull request that brought a commit. */
  readonly pullComments: boolean;
}

/** What the guard needs of a GitHub App. */
export function neededPermissions({
  prevention,
  pullComments,
}: ScmUse): Readonly<Record<string, ScmPermission>> {
  return {
    metadata: 'read',
    issues: 'write',
    checks: 'write',
    deployments: 'write',
    contents: prevention ? 'write' : 'read',
    pull_requests: prevention || pullComments ? 'write' : 'read',
  };
}

/** What is worth a warning, most important first; empty when the credential fits. */
export function reviewAccess(access: ScmAccess, use: ScmUse): readonly AccessFinding[] {
  if (access.kind === 'fine-grained-token') return [{ kind: 'no-check-runs' }];
  if (access.kind === 'classic-token')
    return [{ kind: 'classic-token', scopes: access.scopes }, { kind: 'no-check-runs' }];
  const needed = neededPermissions(use);
  const { permissions } = access;
  const over = exceeding(permissions, needed);
  const missing = exceeding(needed, permissions);
  return [
    ...(over.length > 0 ? [{ kind: 'over-scoped', permissions: over } as const] : []),
    ...(missing.length > 0 ? [{ kind: 'missing', permissions: missing } as const] : []),
  ];
}

/** `name:level` of what goes beyond the other, by name. */
function exceeding(
  all: Readonly<Record<string, ScmPermission>>,
  limits: Readonly<Record<string, ScmPermission>>,
): string[] {
  return Object.entries(all)
    .filter(([name, level]) => {
      const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
      return ranks[level] > (limit ? ranks[limit] : 0);
    })
    .map(([name, level]) => `${name}:${level}`)
    .sort();
}
