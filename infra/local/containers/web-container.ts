import { fileURLToPath } from 'node:url';
import type { Container } from '../process/container.ts';

const program = fileURLToPath(new URL('./web.ts', import.meta.url));
const grpcProgram = fileURLToPath(new URL('./grpc.ts', import.meta.url));

export type WebHealth =
  | 'ok'
  | '503'
  | 'degraded'
  | 'slow'
  | 'hang'
  | 'flap'
  | 'crash-after-listen'
  | 'never-listen'
  | 'exit'
  | 'big-body'
  | 'slow-body';

/** What the sample container does; see `web.ts`. */
export interface WebBehaviour {
  readonly HEALTH?: WebHealth;
  /** `503`: so is every other path answered, whatever its health. */
  readonly PAGES?: 'ok' | '503';
  /** `/wait/…` is answered with 500 where the URL ends like this. */
  readonly BROKEN?: string;
  /** What becomes of WebSockets: they echo, are refused with 403, or are closed with 1011 at the first message. */
  readonly SOCKETS?: 'ok' | '403' | '1011';
  /** `1`: prints a traceback of a worker that cannot start. */
  readonly TRACEBACK?: '1';
  /** Any text: every answer carries it, so that revisions can be told apart. */
  readonly VERSION?: string;
  /** A header's name: every answer carries K_REVISION in it. */
  readonly REVISION_HEADER?: string;
}

/** The sample container, with one behaviour. */
export function webContainer(behaviour: WebBehaviour = {}): Container {
  return { command: process.execPath, args: [program], env: { ...behaviour } };
}

/** The sample gRPC server; see `grpc.ts`. */
export function grpcContainer(health: 'SERVING' | 'NOT_SERVING' | 'none'): Container {
  return { command: process.execPath, args: [grpcProgram], env: { HEALTH: health } };
}
