import { http } from '@google-cloud/functions-framework';
import { joinHeaders } from '../domain/join-headers.ts';
import { pushRuntime } from './function-ports.ts';
import { type HandleDelivery, handlePush } from './handle-push.ts';
import type { FunctionName } from './hops.ts';

/**
 * Registers the function of a push subscription. Settings are read at once: a misconfigured function must not start.
 */
export function onPush(name: FunctionName, handle: HandleDelivery): void {
  const runtime = pushRuntime(name);
  http(name, async (request, response) => {
    const push = {
      method: request.method,
      headers: joinHeaders(Object.entries(request.headers)),
      body: request.body as unknown,
      rawBody: request.rawBody ?? new Uint8Array(),
    };
    response.status(await handlePush(name, push, handle, runtime)).end();
  });
}
