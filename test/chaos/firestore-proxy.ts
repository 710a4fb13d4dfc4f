import {
  Client,
  credentials,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  status,
} from '@grpc/grpc-js';
import { type CommittedWrite, readCommit } from './commit.ts';

/** Something that happens around a commit, and that the client waits for. */
export interface CommitHooks {
  /** Rejecting keeps the commit from the database. */
  before?(writes: readonly CommittedWrite[]): Promise<void>;
  /** The commit is durable, and the client does not know it yet. Rejecting keeps the answer from it. */
  after?(writes: readonly CommittedWrite[]): Promise<void>;
}

const service = '/google.firestore.v1.Firestore';
const connectionLost = { code: status.UNAVAILABLE, details: 'connection lost' };
const asIs = (bytes: Buffer) => bytes;

/** Stands between a Firestore client and the emulator: counts what goes through, and lets a test act at each commit. */
export class FirestoreProxy {
  /** Documents written, and documents or empty results read, as Firestore bills them. */
  readonly counts = { writes: 0, reads: 0 };
  readonly #server = new Server();
  readonly #emulator: Client;
  readonly #hooks: CommitHooks;
  #port = 0;

  private constructor(emulatorHost: string, hooks: CommitHooks) {
    this.#emulator = new Client(emulatorHost, credentials.createInsecure());
    this.#hooks = hooks;
    this.#server.register(`${service}/Commit`, this.#commit(), asIs, asIs, 'unary');
    for (const method of ['BatchGetDocuments', 'RunQuery']) {
      const path = `${service}/${method}`;
      this.#server.register(path, this.#read(path), asIs, asIs, 'serverStream');
    }
  }

  /** @param emulatorHost `host:port` */
  static async start(emulatorHost: string, hooks: CommitHooks = {}): Promise<FirestoreProxy> {
    const proxy = new FirestoreProxy(emulatorHost, hooks);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    proxy.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
    proxy.#port = await promise;
    return proxy;
  }

  /** `host:port`, in place of the emulator's. */
  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  close(): void {
    this.#server.forceShutdown();
    this.#emulator.close();
  }

  #commit(): handleUnaryCall<Buffer, Buffer> {
    return (call, answer) => {
      const writes = readCommit(call.request);
      const forward = () => {
        const path = `${service}/Commit`;
        this.#emulator.makeUnaryRequest(path, asIs, asIs, call.request, call.metadata, (error, response) => {
          if (error) return answer(error);
          this.counts.writes += writes.length;
          tell(this.#hooks.after, writes).then(
            () => answer(null, response),
            () => answer(connectionLost),
          );
        });
      };
      tell(this.#hooks.before, writes).then(forward, () => answer(connectionLost));
    };
  }

  #read(path: string): handleServerStreamingCall<Buffer, Buffer> {
    return (call) => {
      const stream = this.#emulator.makeServerStreamRequest(path, asIs, asIs, call.request, call.metadata);
      stream.on('data', (response: Buffer) => {
        this.counts.reads++;
        call.write(response);
      });
      stream.on('error', (error) => call.emit('error', error));
      stream.on('end', () => call.end());
      call.on('cancelled', () => stream.cancel());
    };
  }
}

async function tell(hook: CommitHooks['before'], writes: readonly CommittedWrite[]): Promise<void> {
  await hook?.(writes);
}
