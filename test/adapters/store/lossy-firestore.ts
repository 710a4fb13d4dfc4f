import { Client, credentials, type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js';

export interface LossyFirestore {
  /** `host:port`, for `FirestoreOptions.emulatorHost`. */
  readonly host: string;
  /** How many Commit requests came. */
  commits(): number;
  close(): void;
}

const commitPath = '/google.firestore.v1.Firestore/Commit';
const connectionLost = { code: status.UNAVAILABLE, details: 'connection lost' };
const asIs = (bytes: Buffer) => bytes;

/**
 * A server that hands each Commit on to the emulator, and answers the first `lost` of them, applied or not, with
 * UNAVAILABLE: as if the connection had broken before the answer came.
 */
export async function openLossyFirestore(emulatorHost: string, lost: number): Promise<LossyFirestore> {
  const emulator = new Client(emulatorHost, credentials.createInsecure());
  const server = new Server();
  let commits = 0;
  const forward: handleUnaryCall<Buffer, Buffer> = (call, answer) => {
    commits++;
    const isLost = commits <= lost;
    emulator.makeUnaryRequest(commitPath, asIs, asIs, call.request, call.metadata, (error, response) => {
      answer(isLost ? connectionLost : error, response);
    });
  };
  server.register(commitPath, forward, asIs, asIs, 'unary');
  const { promise: port, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  );
  const host = `127.0.0.1:${await port}`;
  const close = () => {
    server.forceShutdown();
    emulator.close();
  };
  return { host, commits: () => commits, close };
}
