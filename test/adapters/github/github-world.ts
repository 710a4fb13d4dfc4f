import { generateKeyPairSync } from 'node:crypto';
import { LocalGithub, type LocalGithubOptions } from '../../../infra/local/github/local-github.ts';
import type { Identity, LocalApp } from '../../../infra/local/github/state/identity.ts';
import type { LocalRepository } from '../../../infra/local/github/state/local-repository.ts';
import { GithubHosts, type GithubHostsOptions } from '../../../shared/adapters/github/github-hosts.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';
import type { Scm, ScmAuth } from '../../../shared/ports/scm/scm.ts';

export const repo = { owner: 'acme', name: 'shop' };
export const fineGrained = 'github_pat_11AAAAAAA0123456789abcdefghijklmnopqrstuvwxyz';
export const appId = 4711;
export const installationId = 99;

/** What the guard's App may do where prevention is on. */
const permissions = {
  metadata: 'read',
  issues: 'write',
  checks: 'write',
  deployments: 'write',
  contents: 'write',
  pull_requests: 'write',
} as const;

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  // As GitHub hands it out.
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

export const privateKey = keys.privateKey;
export const noPace = { writeMs: 0, notificationMs: 0, retryMs: 0 };

/** A local GitHub with one repository of one commit, and connections to it. */
export class GithubWorld {
  readonly github: LocalGithub;
  readonly repository: LocalRepository;
  readonly first: string;
  /** By the name of a secret's variable. */
  readonly secrets: Record<string, string> = { APP_KEY: privateKey, TOKEN: fineGrained };

  private constructor(github: LocalGithub) {
    this.github = github;
    this.repository = github.addRepository(repo);
    this.first = this.repository.commit({ 'README.md': 'Shop\n', 'src/app.py': 'import flask\n' });
    github.identities.addToken(fineGrained, { kind: 'fine-grained', login: 'guard', permissions });
    this.addApp();
  }

  static async start(server: LocalGithubOptions = {}): Promise<GithubWorld> {
    const roomy = { limits: { writesPerMinute: 10_000, ...server.limits } };
    const github = await LocalGithub.start({ ...server, ...roomy });
    started.push(github);
    return new GithubWorld(github);
  }

  addApp(changes: Partial<LocalApp> = {}): void {
    const app = { appId, slug: 'deploy-loop', publicKey: keys.publicKey, installationId, permissions };
    this.github.identities.addApp({ ...app, ...changes });
  }

  addToken(token: string, identity: Exclude<Identity, { kind: 'app' }>): Scm {
    this.secrets.OTHER = token;
    this.github.identities.addToken(token, identity);
    return this.connect({ kind: 'token', token: { env: 'OTHER' } });
  }

  /** By the App unless told otherwise; each call opens a connection of its own. */
  connect(
    auth: ScmAuth = { kind: 'app', appId, installationId, privateKey: { env: 'APP_KEY' } },
    apiUrl: string = this.github.apiUrl,
    options: Partial<GithubHostsOptions> = {},
  ): Scm {
    return new GithubHosts({
      secrets: { value: async (source) => this.#secret(source) },
      allowedLocalAddresses: [this.github.address],
      pace: noPace,
      ...options,
    }).connect({ apiUrl, auth });
  }

  #secret(source: object): string {
    const value = 'env' in source ? this.secrets[String(source.env)] : undefined;
    if (value === undefined) throw new PermanentError('no such secret');
    return value;
  }

  /** The calls since `from`, the ones for tokens aside. */
  callsSince(from: number): string[] {
    return this.github.calls
      .slice(from)
      .map(({ call }) => call)
      .filter((call) => !call.includes('access_tokens'));
  }
}

const started: LocalGithub[] = [];

/** Closes all worlds of a test file. */
export async function closeWorlds(): Promise<void> {
  await Promise.all(started.splice(0).map((github) => github.close()));
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('the call did not fail');
}
