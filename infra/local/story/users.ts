import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface UserView {
  readonly good: number;
  readonly failed: number;
  /** From the first failed answer to the first good one after the last failed one; undefined: none failed. */
  readonly outageMs: number | undefined;
}

const pauseMs = 100;

/** People who use a service all the while, ten requests a second, and what they get. */
export class Users {
  readonly #port: number;
  readonly #host: string;
  readonly #stop = new AbortController();
  readonly #answers: { readonly atMs: number; readonly status: number }[] = [];
  readonly #done: Promise<void>;

  constructor(uri: string) {
    const url = new URL(uri);
    this.#port = Number(url.port);
    this.#host = url.host;
    this.#done = this.#run();
  }

  async leave(): Promise<UserView> {
    this.#stop.abort();
    await this.#done;
    const failed = this.#answers.filter((answer) => answer.status >= 500);
    const first = failed[0];
    const last = failed.at(-1);
    const back = last && this.#answers.find((answer) => answer.atMs > last.atMs);
    return {
      good: this.#answers.length - failed.length,
      failed: failed.length,
      outageMs: first && last ? (back ?? last).atMs - first.atMs : undefined,
    };
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#answers.push({ atMs: performance.now(), status: await askOnce(this.#port, this.#host) });
      await delay(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}

/** By address and Host header: not every resolver knows names below localhost. @returns 599: no answer */
export function askOnce(port: number, host: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  request({ host: '127.0.0.1', port, path: '/health', headers: { host } }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 599);
  })
    .on('error', () => resolve(599))
    .end();
  return promise;
}
