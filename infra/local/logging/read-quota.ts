import { status } from '@grpc/grpc-js';
import { RpcError } from '../rpc-error.ts';

const windowMs = 60_000;

/** How many reads a project may make in a minute. */
export class ReadQuota {
  readonly #limit: number;
  readonly #nowMs: () => number;
  readonly #reads = new Map<string, number[]>();

  /** @param limit undefined: any number */
  constructor(limit = Number.POSITIVE_INFINITY, nowMs: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#nowMs = nowMs;
  }

  /** @throws {RpcError} RESOURCE_EXHAUSTED: used up; the refused read does not count */
  take(project: string): void {
    const now = this.#nowMs();
    const recent = (this.#reads.get(project) ?? []).filter((at) => now - at < windowMs);
    if (recent.length >= this.#limit) {
      throw new RpcError(
        status.RESOURCE_EXHAUSTED,
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service " +
          `'logging.googleapis.com' for consumer 'projects/${project}'.`,
      );
    }
    this.#reads.set(project, [...recent, now]);
  }
}
