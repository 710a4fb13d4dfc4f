import type { BuildStatus } from '../../../shared/domain/build.ts';
import { buildToJson, type LocalBuild } from './local-build.ts';

/** What Cloud Build publishes on the topic `cloud-builds`. */
export interface BuildMessage {
  readonly attributes: { readonly buildId: string; readonly status: BuildStatus };
  /** Base64 of the Build as proto3 JSON. */
  readonly data: string;
  readonly messageId: string;
  /** RFC 3339. */
  readonly publishTime: string;
}

export type BuildListener = (message: BuildMessage) => void;

/** The topic `cloud-builds`: remembers what was published, and tells who listens. */
export class BuildTopic {
  readonly #published: BuildMessage[] = [];
  readonly #listeners = new Set<BuildListener>();

  /** Oldest first. */
  get published(): readonly BuildMessage[] {
    return [...this.#published];
  }

  /** @returns how to stop listening */
  onMessage(listener: BuildListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(build: LocalBuild): void {
    const message: BuildMessage = {
      attributes: { buildId: build.id, status: build.status },
      data: Buffer.from(JSON.stringify(buildToJson(build))).toString('base64'),
      messageId: String(this.#published.length + 1),
      publishTime: new Date().toISOString(),
    };
    this.#published.push(message);
    for (const listener of this.#listeners) listener(message);
  }
}
