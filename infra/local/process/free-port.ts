import { createServer } from 'node:net';

/**
 * Below the ranges from which Linux (32768) and macOS (49152) take the ports of outgoing connections: a readiness
 * probe of a port in those ranges can connect to itself, and a client can take the port before the container does.
 */
const lowest = 20_000;
const count = 12_000;
const attempts = 100;

/** @throws {Error} no port of the range could be bound */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = lowest + Math.floor(Math.random() * count);
    if (await canBind(port)) return port;
  }
  throw new Error(`no free port among ${lowest}–${lowest + count - 1}`);
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
