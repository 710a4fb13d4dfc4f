import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

let isOn = false;

/**
 * Has the functions-framework leave the bodies of reports as they come. By itself it inflates and parses what anybody
 * sends, up to a gigabyte, before a function can ask who it is; a compressed report is refused (415), which no agent
 * sends.
 */
export function keepReportsRaw(): void {
  if (isOn) return;
  isOn = true;
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage) || !/^\/results(\?|$)/.test(request.url ?? '')) return;
    request.headers['content-type'] = 'application/octet-stream';
    if (request.headers['content-encoding'] !== undefined) request.headers['content-encoding'] = 'refused';
  });
}
