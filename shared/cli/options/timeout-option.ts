import { InvalidArgumentError, Option } from 'commander';
import { DurationSchema, durationMs } from '../../contracts/duration.ts';
import { parseOption } from './parse-option.ts';

const hourMs = 3_600_000;
/** More than all stages of a run may take together. */
const longestMs = 12 * hourMs;

/** In ms. */
export const timeoutOption = new Option(
  '--timeout <duration>',
  'how long to wait before ending with exit code 3; at most 12h, which 0 stands for',
)
  .default(hourMs, '1h')
  .argParser((text: string): number => {
    if (text === '0') return longestMs;
    const ms = durationMs(parseOption(DurationSchema)(text));
    if (ms === 0 || ms > longestMs) throw new InvalidArgumentError('a duration up to 12h, such as 90m; or 0');
    return ms;
  });

export interface TimeoutOption {
  /** In ms. */
  readonly timeout: number;
}
