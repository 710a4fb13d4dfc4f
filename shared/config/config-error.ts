import { DeployLoopError } from '../domain/errors.ts';
import { type ConfigFault, formatFault } from './config-fault.ts';

/** More lines than this help nobody; the message gives the number of the others. */
const maxLines = 100;

/** A config file cannot be used. Carries every fault; the message has one line for each. */
export class ConfigError extends DeployLoopError {
  override readonly name = 'ConfigError';
  readonly retryable = false;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[], options?: ErrorOptions) {
    super(formatFaults(faults), options);
    this.faults = faults;
  }
}

function formatFaults(faults: readonly ConfigFault[]): string {
  const lines = faults.slice(0, maxLines).map(formatFault);
  const rest = faults.length - lines.length;
  return (rest > 0 ? [...lines, `… and ${rest} more`] : lines).join('\n');
}
