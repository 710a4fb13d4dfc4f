import { Client } from 'undici';

interface Session {
  readonly origin: string;
  /** Absent: its connection got no answer, and the rest of it goes without. */
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

  /** Who closes a connection without saying so does it each time: it is met once in a session. */
  giveUp(session: AbortSignal, { origin }: URL): void {
    const known = this.#sessions.get(session);
    if (!known?.client) return;
    this.#sessions.set(session, { origin });
    void known.client.destroy();
  }

  /** Ends what is under way. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ client }) => client?.destroy()));
  }

  #open(session: AbortSignal, origin: string): Session {
    // Not an agent, which opens a second connection for whoever asks as soon as a body is read.
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
