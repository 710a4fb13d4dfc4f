import { describeError } from '../../shared/domain/errors.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { type Answer, failed, notFound } from './routes/answer.ts';
import { answerRun, answerRuns } from './routes/runs.ts';
import { answerServices } from './routes/services.ts';

const maxUrlLength = 2_000;

/**
 * Answers one request. Cloud Run has authorized the caller before: the function is not open to the public.
 * @param target path and query, as received
 */
export async function answerRequest(
  method: string,
  target: string,
  { store, log }: Pick<Ports, 'store' | 'log'>,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') {
    return failed(405, 'method', 'only GET', 2);
  }
  const url = target.length <= maxUrlLength ? URL.parse(`http://reports${target}`) : null;
  if (!url) return notFound('no such page');
  try {
    return await route(url, store);
  } catch (error) {
    log.error({ function: 'serve-reports', path: url.pathname }, describeError(error));
    return failed(503, 'unavailable', 'the records are out of reach: try again', 3);
  }
}

async function route({ pathname, searchParams }: URL, store: Ports['store']): Promise<Answer> {
  if (pathname === '/api/runs') return answerRuns(store, searchParams);
  if (pathname === '/api/services') return answerServices(store, searchParams);
  const run = /^\/api\/runs\/([^/]+)$/.exec(pathname)?.[1];
  return run === undefined ? notFound('no such page') : answerRun(store, run, searchParams);
}
