import { AsyncLocalStorage } from 'node:async_hooks';

/** `TRACE_ID/SPAN_ID;o=1`, as Google's front end sends it and as our messages pass it on. */
export const traceAttribute = 'trace';
const traceHeader = /^([0-9a-f]{32})(\/\d+)?(;o=[01])?$/;

const storage = new AsyncLocalStorage<string>();

/** Runs `work` so that its log lines and messages belong to a trace; a malformed value is dropped. */
export function withTrace<T>(trace: string | undefined, work: () => Promise<T>): Promise<T> {
  return trace !== undefined && traceHeader.test(trace) ? storage.run(trace, work) : work();
}

/** The trace attribute of a message. */
export function traceAttributes(): Readonly<Record<string, string>> {
  const trace = storage.getStore();
  return trace === undefined ? {} : { [traceAttribute]: trace };
}

/** The fields by which Cloud Logging shows a line with its trace. */
export function traceFields(project: string): Readonly<Record<string, string>> {
  const id = storage.getStore()?.slice(0, 32);
  return id === undefined ? {} : { 'logging.googleapis.com/trace': `projects/${project}/traces/${id}` };
}
