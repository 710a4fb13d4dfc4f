import { http } from '@google-cloud/functions-framework';
import type { Ports } from '../ports/ports.ts';
import { functionRuntime } from './function-ports.ts';
import { withTrace } from './trace-context.ts';

/** Responds to a request with a status and a JSON body. Never throws. */
export type AnswerRequest = (
  method: string,
  target: string,
  ports: Ports,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** Registers an HTTP function that returns JSON, which must not be cached. */
export function onRequest(name: string, answer: AnswerRequest): void {
  const { ports } = functionRuntime();
  http(name, async (request, response) => {
    const { status, body } = await withTrace(request.get('x-cloud-trace-context'), () =>
      answer(request.method, request.originalUrl, ports),
    );
    response
      .status(status)
      .set({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'",
      })
      .json(body);
  });
}
