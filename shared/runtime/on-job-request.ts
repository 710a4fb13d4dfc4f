import { http } from '@google-cloud/functions-framework';
import { joinHeaders } from '../domain/join-headers.ts';
import type { JobAnswer, JobRequest } from '../services/collect-results.ts';
import type { CollectPorts } from '../services/jobs/collect-ports.ts';
import { collectRuntime } from './function-ports.ts';
import { keepBodiesRaw } from './keep-bodies-raw.ts';
import { withTrace } from './trace-context.ts';

/** Registers the function that serves jobs. It is open to the public: the token alone authenticates a request. */
export function onJobRequest(
  name: string,
  answer: (request: JobRequest, ports: CollectPorts) => Promise<JobAnswer>,
): void {
  const { ports, isAlone } = collectRuntime();
  if (isAlone) keepBodiesRaw();
  http(name, async (request, response) => {
    const asked = {
      method: request.method,
      path: request.path,
      headers: joinHeaders(Object.entries(request.headers)),
      body: request.rawBody ?? new Uint8Array(),
    };
    const { status, text } = await withTrace(request.get('x-cloud-trace-context'), () =>
      answer(asked, ports),
    );
    response
      .status(status)
      .set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      .type('text/plain')
      .send(text ?? '');
  });
}
