import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** What users got for some time. */
export interface UserView {
  /** Good answers by the VERSION of who gave them, in the order of their first answer. */
  readonly good: ReadonlyMap<string, number>;
  readonly failed: number;
  /** From the first failed answer to the first good one after the last failed one; undefined: none failed. */
  readonly outageMs: number | undefined;
}

interface UserAnswer {
  readonly atMs: number;
  readonly status: number;
  readonly version: string;
}

const Page = z.object({ version: z.string() });
const pauseMs = 100;

/** People who use a service all the while, ten requests a second, and what they get. */
export class Users {
  readonly #port: number;
  readonly #host: string;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #answers: UserAnswer[] = [];

  constructor(uri: string) {
    const url = new URL(uri);
    this.#port = Number(url.port);
    this.#host = url.host;
    this.#done = this.#run();
  }

  /** What they got since they were asked last. */
  ask(): UserView {
    const answers = this.#answers;
    this.#answers = [];
    return viewOf(answers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const atMs = performance.now();
      this.#answers.push({ atMs, ...(await visit(this.#port, this.#host)) });
      await delay(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}

function viewOf(answers: readonly UserAnswer[]): UserView {
  const failed = answers.filter((answer) => answer.status >= 500);
  const good = new Map<string, number>();
  for (const { status, version } of answers)
    if (status < 500) good.set(version, (good.get(version) ?? 0) + 1);
  const [first] = failed;
  const last = failed.at(-1);
  const back = last && answers.find((answer) => answer.atMs > last.atMs);
  const outageMs = first && last ? (back ?? last).atMs - first.atMs : undefined;
  return { good, failed: failed.length, outageMs };
}

/** By address and Host header: not every resolver knows names below localhost. Status 599: no answer. */
function visit(port: number, host: string): Promise<Omit<UserAnswer, 'atMs'>> {
  const { promise, resolve } = Promise.withResolvers<Omit<UserAnswer, 'atMs'>>();
  const lost = () => resolve({ status: 599, version: 'nobody' });
  request({ host: '127.0.0.1', port, path: '/', headers: { host } }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.on('end', () => resolve({ status: response.statusCode ?? 599, version: versionIn(text) }));
    response.on('error', lost);
  })
    .on('error', lost)
    .end();
  return promise;
}

function versionIn(text: string): string {
  try {
    return Page.parse(JSON.parse(text)).version;
  } catch {
    return 'Cloud Run';
  }
}
