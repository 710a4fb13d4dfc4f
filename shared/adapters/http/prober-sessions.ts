import { Client } from 'undici';

interface Session {
  readonly origin: string;
  /** Absent: a request on its connection got no response, so the rest of the session uses none. */
  readonly client?: Client;
}

/** One kept connection for each session, which is for one origin. */
export class ProberSessions {
  readonly #options: Client.Options;
  readonly #sessions = new Map<AbortSignal, Session>();

  constructor(options: Client.Options) {
    this.#options = options;
  }

  /** @returns undefined: the request needs a connection of its own */
  clientOf(session: AbortSignal | undefined, { origin }: URL): Client | undefined {
    if (!session || session.aborted) return undefined;
    const known = this.#sessions.get(session) ?? this.#open(session, origin);
    return known.origin === origin ? known.client : undefined;
  }

  /** A server that closes connections silently does so each time: one such loss per session is enough. */
  giveUp(session: AbortSignal, { origin }: URL): void {
    const known = this.#sessions.get(session);
    if (!known?.client) return;
    this.#sessions.set(session, { origin });
    void known.client.destroy();
  }

  /** Ends the requests in progress. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ client }) => client?.destroy()));
  }

  #open(session: AbortSignal, origin: string): Session {
    // A single client, not an agent: an agent opens a second connection as soon as a body is being read.
    const opened = { origin, client: new Client(origin, this.#options) };
    this.#sessions.set(session, opened);
    const end = () => {
      this.#sessions.delete(session);
      void opened.client.destroy();
    };
    session.addEventListener('abort', end, { once: true });
    return opened;
  }
}
