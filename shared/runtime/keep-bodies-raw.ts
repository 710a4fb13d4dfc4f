import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/**
 * Makes the functions-framework leave all bodies as received, in this process. By default it decompresses and parses
 * any body, up to a gigabyte, before a function can authenticate its sender. Compressed bodies are refused (415).
 */
export function keepBodiesRaw(): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage)) return;
    request.headers['content-type'] = 'application/octet-stream';
    if (request.headers['content-encoding'] !== undefined) request.headers['content-encoding'] = 'refused';
  });
}
