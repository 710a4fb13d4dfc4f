export type Level = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, Level>>;

/** Who a request comes from. */
export type Identity =
  | {
      readonly kind: 'classic';
      readonly login: string;
      readonly scopes: readonly string[];
      readonly expiresAt?: Date;
    }
  | {
      readonly kind: 'fine-grained';
      readonly login: string;
      readonly permissions: Permissions;
      /** `owner/name`; undefined: all. */
      readonly repositories?: readonly string[];
      readonly expiresAt?: Date;
    }
  | {
      readonly kind: 'installation';
      readonly login: string;
      readonly permissions: Permissions;
      readonly repositories?: readonly string[];
      readonly expiresAt: Date;
    }
  /** By its own signature: for its installations and their tokens only. */
  | { readonly kind: 'app'; readonly app: LocalApp };

export interface LocalApp {
  readonly appId: number;
  readonly slug: string;
  /** PEM. */
  readonly publicKey: string;
  readonly installationId: number;
  readonly permissions: Permissions;
  readonly repositories?: readonly string[];
  isSuspended?: boolean;
}
