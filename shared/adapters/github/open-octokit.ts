import { createPrivateKey } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import Bottleneck from 'bottleneck';
import { CredentialsError } from '../../domain/errors.ts';
import type { ScmAuth } from '../../ports/scm/scm.ts';
import type { Secrets } from '../../ports/secrets.ts';

/**
 * The pauses between the beginnings of calls. GitHub asks for one call at a time, and for a second between writing ones
 * (docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api); Octokit's plugin has longer pauses
 * between those that notify people.
 */
export interface Pace {
  readonly writeMs: number;
  readonly notificationMs: number;
  /** Before the first repetition of a read or a change after 5xx; four times as long before the second. */
  readonly retryMs: number;
}

export const githubPace: Pace = { writeMs: 1_000, notificationMs: 3_000, retryMs: 1_000 };

/** The queues of one connection. They outlive its client, which is made anew after a refused credential. */
export function openQueues({ writeMs, notificationMs }: Pace) {
  const timeout = 120_000;
  const queue = (id: string, options: Bottleneck.ConstructorOptions) =>
    new Bottleneck.Group({ id, timeout, ...options });
  return {
    global: queue('calls', { maxConcurrent: 1 }),
    auth: queue('tokens', { maxConcurrent: 1 }),
    search: queue('searches', { maxConcurrent: 1, minTime: 2_000 }),
    write: queue('writes', { maxConcurrent: 1, minTime: writeMs }),
    notifications: queue('notifications', { maxConcurrent: 1, minTime: notificationMs }),
  };
}

export interface OctokitOptions {
  readonly apiUrl: string;
  readonly auth: ScmAuth;
  readonly secrets: Secrets;
  readonly fetch: typeof fetch;
  readonly queues: ReturnType<typeof openQueues>;
  readonly retryMs: number;
}

const Client = Octokit.plugin(paginateRest, retry, throttling);
export type GithubOctokit = InstanceType<typeof Client>;

const repetitions = 2;
/** A client's own fault is never repeated here, nor is a rate limit: the caller waits for it without holding a process. */
const refusals = Array.from({ length: 200 }, (_, n) => 300 + n);
const waitsForNoLimit = () => false;
/** Its warnings quote addresses and headers; what matters arrives as an error. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** @throws {CredentialsError} the token or the key is malformed; and what reading the secret throws */
export async function openOctokit(options: OctokitOptions): Promise<GithubOctokit> {
  const octokit = new Client({
    ...(await authOf(options.auth, options.secrets)),
    baseUrl: options.apiUrl,
    userAgent: 'deploy-loop',
    log: silent,
    request: { fetch: options.fetch },
    retry: { retries: repetitions, retryAfterBaseValue: options.retryMs, doNotRetry: refusals },
    throttle: { ...options.queues, onRateLimit: waitsForNoLimit, onSecondaryRateLimit: waitsForNoLimit },
  });
  octokit.hook.before('request', (request) => {
    request.headers['x-github-api-version'] = '2022-11-28';
    // What was created, and its answer lost, would exist twice. The object is shared with other calls.
    if (request.method === 'POST') request.request = { ...request.request, retries: 0 };
  });
  return octokit;
}

async function authOf(auth: ScmAuth, secrets: Secrets) {
  if (auth.kind === 'token') return { auth: assertToken(await secrets.value(auth.token)) };
  const privateKey = assertKey(await secrets.value(auth.privateKey));
  const { appId, installationId } = auth;
  return { authStrategy: createAppAuth, auth: { appId, installationId, privateKey } };
}

/** A character that no header may hold would be quoted, with the token, in an error of `fetch`. */
function assertToken(text: string): string {
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CredentialsError('the GitHub token is empty, or holds characters that no token has');
  return token;
}

/** @returns the key as PKCS#8; GitHub hands keys out as PKCS#1 */
function assertKey(text: string): string {
  try {
    const key = createPrivateKey(text.trim().replaceAll('\\n', '\n'));
    if (key.asymmetricKeyType !== 'rsa') throw new TypeError('not RSA');
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    throw new CredentialsError('the private key of the GitHub App is not an RSA key in PEM');
  }
}
