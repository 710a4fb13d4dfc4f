import type { RawData, WebSocket } from 'ws';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** More than this is not read before it is wanted. */
const maxWaiting = 100;

/** The messages of a socket in the order in which they came, and how it was closed. */
export class Inbox {
  readonly #socket: WebSocket;
  readonly #waiting: string[] = [];
  #closed: Closed | undefined;
  #fault: string | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      this.#waiting.push(textOf(data));
      if (this.#waiting.length >= maxWaiting) socket.pause();
      this.#wake?.();
    });
    // Its close follows, and tells the code only.
    socket.on('error', (error: Error & { readonly code?: unknown }) => {
      this.#fault = typeof error.code === 'string' ? error.code : error.name;
    });
    socket.on('close', (code, reason) => {
      const text = reason.toString('utf8');
      this.#closed = { code, reason: text === '' && this.#fault !== undefined ? this.#fault : text };
      this.#wake?.();
    });
  }

  /** The next message, or how the socket was closed; undefined: neither in time. What came before the close comes first. */
  async next(withinMs: number, signal: AbortSignal): Promise<string | Closed | undefined> {
    const deadline = AbortSignal.any([AbortSignal.timeout(Math.max(1, Math.ceil(withinMs))), signal]);
    for (;;) {
      const message = this.#waiting.shift();
      if (this.#waiting.length < maxWaiting / 2) this.#socket.resume();
      if (message !== undefined) return message;
      if (this.#closed) return this.#closed;
      if (deadline.aborted) return undefined;
      await this.#changed(deadline);
    }
  }

  async #changed(deadline: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    deadline.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    this.#wake = undefined;
  }
}

/** Many send JSON in binary messages: whatever comes is read as text. */
function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data).toString('utf8');
}
