import type { Logger } from '../../../shared/ports/logger.ts';
import type { SimProcess } from '../kernel/sim-process.ts';
import type { SimulationLog } from '../simulation-log.ts';

/** What a process logs becomes part of the story, where one is told. */
export function loggerOf(process: SimProcess, log: SimulationLog): Logger {
  const line = (fields: object, message: string) => {
    if (log.tells) log.tell(process.name, `  "${message}" ${JSON.stringify(fields)}`);
  };
  const logger: Logger = { info: line, warn: line, error: line, child: () => logger };
  return logger;
}
