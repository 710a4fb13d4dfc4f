import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

const pollMs = 15;

/**
 * Cloud Run's default startup probe: a TCP connect.
 * @param signal ends the wait early
 * @returns false when nothing listened within `timeoutMs`, or the signal came first
 */
export async function awaitListening(port: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!signal.aborted && performance.now() < deadline) {
    if (await canConnect(port)) return true;
    await setTimeout(pollMs, undefined, { signal }).catch(() => {});
  }
  return false;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const settle = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
