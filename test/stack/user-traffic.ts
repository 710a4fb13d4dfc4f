import { setTimeout as delay } from 'node:timers/promises';
import type { LocalCloud } from '../../infra/local/local-cloud.ts';
import type { RevisionName } from '../../shared/domain/ids.ts';
import { ask } from '../local/ask.ts';

const people = 4;
const pauseMs = 20;

/** People who ask the service `web` for a page, more than a hundred times a second, until this is disposed of. */
export class UserTraffic implements AsyncDisposable {
  readonly #cloud: LocalCloud;
  readonly #home = new AbortController();
  readonly #visits: Promise<unknown>;

  constructor(cloud: LocalCloud) {
    this.#cloud = cloud;
    this.#visits = Promise.all(Array.from({ length: people }, () => this.#visit()));
  }

  /** Resolves when Cloud Logging shows that a revision has answered `count` of them. */
  async answered(revision: RevisionName, count: number): Promise<void> {
    const filter = `log_id("run.googleapis.com/requests") AND resource.labels.revision_name="${revision}"`;
    await this.#cloud.logging.readable(filter, count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#home.abort();
    await this.#visits;
  }

  async #visit(): Promise<void> {
    const { signal } = this.#home;
    while (!signal.aborted) {
      await ask(this.#cloud, 'web', '/', { 'user-agent': 'Mozilla/5.0' });
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
