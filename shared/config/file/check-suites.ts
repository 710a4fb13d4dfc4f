import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { isInFocus } from '../../domain/checks/is-in-focus.ts';
import type { ConfigPath } from './config-path.ts';

/** A fault, and the keys that may fix it, most likely first. */
export interface SuiteLimit {
  readonly keys: readonly ConfigPath[];
  readonly message: string;
  readonly fix: string;
}

/** Faults that concern several suites of a service, or a suite and the service's policy. */
export function checkSuites({ suites, tests }: ServiceConfig): readonly SuiteLimit[] {
  const limits = suites.flatMap((suite, n) => [
    ...checkName(suite, n, suites),
    ...checkTimes(suite, n, tests.timeout),
  ]);
  if (suites.length === 0 || suites.some((suite) => isInFocus(suite, tests.focus))) return limits;
  const focus = {
    keys: [['tests', 'focus'], ['suites']],
    message: `no suite matches the focus ${tests.focus}`,
    fix: 'use all, or a value that a suite has',
  };
  return [...limits, focus];
}

function checkName({ name }: Suite, n: number, suites: readonly Suite[]): readonly SuiteLimit[] {
  const first = suites.findIndex((suite) => suite.name === name);
  if (first === n) return [];
  const keys = [['suites', n, 'name']];
  return [
    {
      keys,
      message: `${name} is already the name of suites[${first}]`,
      fix: 'give each suite a unique name',
    },
  ];
}

/** Pauses lengthen the lease of a shard. */
const longestPause = '1m';

function checkTimes(
  { timeout, suiteTimeout, retryPause }: Suite,
  n: number,
  whole: string,
): readonly SuiteLimit[] {
  const keys = { timeout: ['suites', n, 'timeout'], suiteTimeout: ['suites', n, 'suiteTimeout'] };
  const limits = [
    durationMs(timeout) > durationMs(suiteTimeout) && {
      keys: [keys.timeout, keys.suiteTimeout],
      message: `one check may take ${timeout}, more than suiteTimeout, ${suiteTimeout}`,
      fix: 'lower timeout or raise suiteTimeout',
    },
    durationMs(suiteTimeout) > durationMs(whole) && {
      keys: [keys.suiteTimeout, ['tests', 'timeout']],
      message: `the suite may take ${suiteTimeout}, more than tests.timeout, ${whole}`,
      fix: 'lower suiteTimeout or raise tests.timeout',
    },
    durationMs(retryPause) > durationMs(longestPause) && {
      keys: [['suites', n, 'retryPause']],
      message: `a pause of ${retryPause} is more than the most, ${longestPause}`,
      fix: `use at most ${longestPause}`,
    },
  ];
  return limits.filter((limit) => limit !== false);
}
