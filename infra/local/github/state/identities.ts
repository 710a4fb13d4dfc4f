import { randomBytes } from 'node:crypto';
import type { Identity, LocalApp } from './identity.ts';
import { verifyJwt } from './verify-jwt.ts';

/** GitHub: one hour. */
const installationTokenMs = 3_600_000;

/** Tokens and Apps that the server knows. */
export class Identities {
  readonly #tokens = new Map<string, Identity>();
  readonly #apps = new Map<string, LocalApp>();

  addToken(token: string, identity: Exclude<Identity, { kind: 'app' }>): void {
    this.#tokens.set(token, identity);
  }

  addApp(app: LocalApp): void {
    this.#apps.set(String(app.appId), app);
  }

  /** As when somebody revokes it. */
  removeToken(token: string): void {
    this.#tokens.delete(token);
  }

  createInstallationToken(app: LocalApp, now: Date): { readonly token: string; readonly expiresAt: Date } {
    const token = `ghs_${randomBytes(18).toString('hex')}`;
    const expiresAt = new Date(now.getTime() + installationTokenMs);
    const { slug, permissions, repositories } = app;
    const identity = { kind: 'installation', login: `${slug}[bot]`, permissions, expiresAt } as const;
    this.#tokens.set(token, { ...identity, ...(repositories ? { repositories } : {}) });
    return { token, expiresAt };
  }

  /** @returns what GitHub says against the header, or who it is */
  authenticate(header: string, now: Date): Identity | { readonly fault: string } {
    const [, token = ''] = /^(?:bearer|token) +(\S+)$/i.exec(header) ?? [];
    if (token.split('.').length === 3) return verifyJwt(token, (id) => this.#apps.get(id), now);
    const identity = this.#tokens.get(token);
    if (!identity || identity.kind === 'app') return { fault: 'Bad credentials' };
    const isOver = identity.expiresAt !== undefined && identity.expiresAt <= now;
    return isOver ? { fault: 'Bad credentials' } : identity;
  }
}
