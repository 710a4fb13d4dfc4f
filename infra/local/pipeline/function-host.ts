import type { LogEntry } from '../process/log-buffer.ts';
import type { FunctionName } from './function-names.ts';

/** Where the functions of a pipeline run. */
export interface FunctionHost {
  /** Without a trailing slash. */
  urlOf(name: FunctionName): string;
  /** Its newest lines, oldest first. */
  logs(name: FunctionName): readonly LogEntry[];
  /**
   * Ends the function's process; another starts with the next request, as in Cloud Run. Resolves when it is gone.
   * @throws {TypeError} it has no process of its own
   */
  kill(name: FunctionName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Resolves when nothing of it is left. */
  close(): Promise<void>;
}
