import type { RawData, WebSocket } from 'ws';

export interface Closed {
  readonly code: number;
  readonly reason: string;
  /** Our own side's objection to what was received, as an error code of `ws`; absent: the other side closed. */
  readonly fault?: string | undefined;
}

/** More than this is not read in advance. */
const maxWaiting = 100;
const maxWaitingLength = 1024 * 1024;

/** The messages of a socket in order of arrival, and how the socket was closed. */
export class Inbox {
  readonly #socket: WebSocket;
  readonly #waiting: string[] = [];
  #length = 0;
  #closed: Closed | undefined;
  #fault: string | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      this.#push(textOf(data));
      this.#wake?.();
    });
    // The close event follows; it alone carries the code.
    socket.on('error', (error: Error & { readonly code?: unknown }) => {
      this.#fault = typeof error.code === 'string' ? error.code : error.name;
    });
    socket.on('close', (code, reason) => {
      this.#closed = { code, reason: reason.toString('utf8'), fault: this.#fault };
      this.#wake?.();
    });
  }

  /**
   * The next message, or how the socket was closed; undefined: neither arrived in time. Messages before the close come
   * first.
   */
  async next(withinMs: number, signal: AbortSignal): Promise<string | Closed | undefined> {
    const deadline = AbortSignal.any([AbortSignal.timeout(Math.max(1, Math.ceil(withinMs))), signal]);
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) {
        this.#length -= message.length;
        if (!this.#isFull) this.#socket.resume();
        return message;
      }
      this.#socket.resume();
      if (this.#closed) return this.#closed;
      if (deadline.aborted) return undefined;
      await this.#changed(deadline);
    }
  }

  get #isFull(): boolean {
    return this.#waiting.length >= maxWaiting || this.#length >= maxWaitingLength;
  }

  #push(message: string): void {
    this.#waiting.push(message);
    this.#length += message.length;
    if (this.#isFull) this.#socket.pause();
  }

  async #changed(deadline: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    deadline.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    this.#wake = undefined;
  }
}

/** Many servers send JSON in binary messages: every message is read as text. */
function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data).toString('utf8');
}
