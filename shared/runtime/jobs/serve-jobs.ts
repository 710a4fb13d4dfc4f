import { once } from 'node:events';
import type { Server } from 'node:http';
import { describeError } from '../../domain/errors.ts';
import type { JobAnswer, JobRequest } from '../../services/collect-results.ts';
import type { CollectPorts } from '../../services/jobs/collect-ports.ts';
import { environment } from '../environment.ts';
import { collectPorts } from '../function-ports.ts';
import { createJobServer } from './create-job-server.ts';

type AnswerJob = (request: JobRequest, ports: CollectPorts) => Promise<JobAnswer>;

/** @returns the server of the function that serves jobs, which does not listen yet @throws {SettingsError} */
export function openJobServer(answer: AnswerJob, ports = collectPorts()): Server {
  return createJobServer((request) => answer(request, ports));
}

/**
 * Serves jobs on `PORT` until SIGTERM, in place of the server of the functions-framework: that one starts when a function
 * is loaded, and this one is not loaded before its process ends. What is being answered then is answered: a lost
 * assignment costs a start of its job. Off Cloud Run only this machine is served.
 */
export async function serveJobs(answer: AnswerJob): Promise<never> {
  const ports = collectPorts();
  const server = openJobServer(answer, ports);
  process.once('uncaughtException', (error) => {
    ports.log.error({ function: 'collect-results', code: 'crashed' }, describeError(error));
    process.exit(1);
  });
  process.once('SIGTERM', () => server.close());
  server.listen(Number(environment.PORT ?? 8080));
  await once(server, 'close');
  process.exit(0);
}
