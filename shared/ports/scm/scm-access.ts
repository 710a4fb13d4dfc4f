/** What a credential is and may do, for warnings and for what is left out. */
export type ScmAccess =
  | {
      readonly kind: 'app';
      /** The login under which it writes; ends with `[bot]`. */
      readonly login: string;
      /** GitHub's names, such as `issues`, `checks`, `deployments`, `contents`, `pull_requests`, `metadata`. */
      readonly permissions: Readonly<Record<string, 'read' | 'write' | 'admin'>>;
    }
  /** Its permissions can't be read: GitHub has no call for them. It can't write check runs. */
  | { readonly kind: 'fine-grained-token'; readonly login: string; readonly expiresAt: Date | undefined }
  /** A personal access token (classic): it reaches every repository of its user. It can't write check runs. */
  | {
      readonly kind: 'classic-token';
      readonly login: string;
      readonly scopes: readonly string[];
      readonly expiresAt: Date | undefined;
    };
