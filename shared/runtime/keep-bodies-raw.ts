import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/**
 * Has the functions-framework leave all bodies as they come, in this process. By itself it inflates and parses what
 * anybody sends, up to a gigabyte, before a function can ask who it is. What is compressed is refused (415).
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
